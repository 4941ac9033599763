package dev.snapfork.worker;

import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.machine.Admission;
import dev.snapfork.machine.Machines;
import dev.snapfork.machine.Site;
import dev.snapfork.store.PayloadStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A host with some monitors, or none. */
final class TestMachines {
    private TestMachines() {}

    static Machines on(PayloadStore store, Path data, Map<Hypervisor, Vmm> monitors) throws IOException {
        var site = Site.of(data.resolve("run"), store.layout().data());
        return new Machines(monitors, site, new Admission(site, 0, 0), Duration.ofSeconds(10));
    }
}
