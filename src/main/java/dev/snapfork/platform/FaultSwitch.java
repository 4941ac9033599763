package dev.snapfork.platform;

import dev.snapfork.fault.DiskFaults;
import dev.snapfork.fault.FaultPlan;
import dev.snapfork.fault.Faults;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Makes faults where they are asked for twice: by a plan and by the switch. Everywhere else there are none. */
@ApplicationScoped
class FaultSwitch {
    private static final Logger LOG = Logger.getLogger(FaultSwitch.class);

    @Produces
    @Singleton
    Faults faults(SnapforkConfig config) {
        var plan = config.faults().plan().orElse("");
        if (!config.faults().enabled() || plan.isBlank()) {
            return Faults.NONE;
        }
        LOG.errorf("FAULTS ARE INJECTED ON PURPOSE: this process will fail, stand still or die. Plan: %s", plan);
        var faults = FaultPlan.parse(plan, fault -> LOG.errorf("fault on purpose: %s", fault));
        DiskFaults.tell(faults);
        return faults;
    }
}
