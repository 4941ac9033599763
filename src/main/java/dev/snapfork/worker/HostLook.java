package dev.snapfork.worker;

import dev.snapfork.hypervisor.Probe;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.machine.Machines;
import dev.snapfork.platform.HostReport;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks at this host with what the worker works with; nothing of that is made in a process that never asks. */
@ApplicationScoped
class HostLook implements HostReport {
    private final SnapforkConfig config;
    private final Instance<Machines> machines;
    private final Instance<PayloadStore> store;

    HostLook(SnapforkConfig config, Instance<Machines> machines, Instance<PayloadStore> store) {
        this.config = config;
        this.machines = machines;
        this.store = store;
    }

    @Override
    public Host look() throws InterruptedException {
        var monitors = new ArrayList<Monitor>();
        for (var probed : new TreeMap<>(machines.get().probes()).entrySet()) {
            monitors.add(monitor(probed));
        }
        return new Host(
                monitors,
                config.machines().defaultHypervisor(),
                store.get().space().sharesBlocks(),
                freeBytes(),
                Limits.of(config));
    }

    private static Monitor monitor(Map.Entry<Hypervisor, Probe> probed) {
        return switch (probed.getValue()) {
            case Probe.Available(var version, var types, var accelerator, var architecture) ->
                new Monitor(probed.getKey(), true, version, types, accelerator, architecture, null);
            case Probe.Unavailable(var reason) -> new Monitor(probed.getKey(), false, null, null, null, null, reason);
        };
    }

    private @Nullable Long freeBytes() {
        try {
            return Files.getFileStore(config.dataDir()).getUsableSpace();
        } catch (IOException e) {
            return null;
        }
    }
}
