package dev.snapfork.worker;

import dev.snapfork.event.EventType;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineJson;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Particulars;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.LastEvent;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What instances' records say of their machines. */
final class MachineRecords {
    private MachineRecords() {}

    /**
     * The machine of a running instance; null if it does not run.
     *
     * @throws DamagedException if it runs and its record does not say as what
     */
    static @Nullable RunningMachine of(InstanceManifest manifest) throws DamagedException {
        var instance = manifest.instance();
        if (instance.state() != InstanceState.RUNNING) {
            return null;
        }
        var json = manifest.machine();
        if (json == null) {
            throw DamagedException.found(instance.id(), "it is Running, and its record names no machine");
        }
        try {
            return MachineJson.read(json);
        } catch (IOException e) {
            throw DamagedException.found(instance.id(), String.valueOf(e.getMessage()));
        }
    }

    /** As {@link #of}, where the instance is known to run. */
    static RunningMachine required(InstanceManifest manifest) throws DamagedException {
        var machine = of(manifest);
        if (machine == null) {
            throw new IllegalArgumentException(
                    "it does not run: " + manifest.instance().id());
        }
        return machine;
    }

    /** The same machine once its directory has been renamed. */
    static RunningMachine in(Path directory, RunningMachine machine) {
        var home = machine.home();
        return new RunningMachine(
                machine.pid(),
                machine.startTicks(),
                machine.boot(),
                machine.ownMemory(),
                machine.profile(),
                new MachineHome(directory, home.runtime(), home.label()));
    }

    static LastEvent event(EventType type, Work work, @Nullable String about, Particulars particulars) {
        return new LastEvent(type.wireName(), work.operation(), work.now(), about, particulars);
    }

    static LastEvent event(EventType type, Work work) {
        return event(type, work, null, Particulars.NONE);
    }
}
