package dev.snapfork.worker;

import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.simulation.Scheduler;
import jakarta.enterprise.inject.Vetoed;
import java.time.Duration;

/** Waits as long as it says, by a clock that does not wait. */
@Vetoed
final class VirtualPatience extends Patience {
    private final Scheduler scheduler;

    VirtualPatience(SnapforkConfig config, Scheduler scheduler) {
        super(config);
        this.scheduler = scheduler;
    }

    @Override
    long nanos() {
        return scheduler.nanos();
    }

    @Override
    void pause(Duration pause) {
        if (stopping()) {
            throw new StoppingException();
        }
        scheduler.sleep("pause", pause);
        if (stopping()) {
            throw new StoppingException();
        }
    }
}
