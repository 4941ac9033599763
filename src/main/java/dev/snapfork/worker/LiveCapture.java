package dev.snapfork.worker;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.SparseFile;
import dev.snapfork.hypervisor.MachineJson;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.machine.Machines;
import dev.snapfork.store.CopyProgress;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.Selection;
import dev.snapfork.store.StandbyState;
import dev.snapfork.store.TreeCopy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Captures a machine that runs: state, memory and disks of one instant, while it stands still. It goes on whatever comes of that; if
 * this process dies meanwhile, whoever does the command again, or gives it up, lets it go on.
 */
@ApplicationScoped
class LiveCapture {
    private final PayloadStore store;
    private final Machines machines;
    private final Room room;
    private final Faults faults;

    LiveCapture(PayloadStore store, Machines machines, Room room, Faults faults) {
        this.store = store;
        this.machines = machines;
        this.room = room;
        this.faults = faults;
    }

    /**
     * Fills the directory with the machine as it would lie in standby; nothing is synced.
     *
     * @param target is there and empty
     * @return how long the machine stood still
     * @throws dev.snapfork.machine.MachineException if it could not be saved; it goes on, if the monitor lets it
     */
    Duration capture(InstanceManifest source, Path target, Work work) throws IOException, InterruptedException {
        var machine = MachineRecords.required(source);
        var guest = store.layout().guest(source.instance().id());
        new StandbyState(guest).toLive();
        try (var _ = room.reserve(work, needed(machine, guest))) {
            return whilePaused(machine, guest, target, work);
        }
    }

    /** Of private memory it is not known how much of it is data. */
    private long needed(RunningMachine machine, Path guest) throws IOException {
        var memory = machine.home().memory();
        var bytes = machine.ownMemory() && Files.exists(memory)
                ? SparseFile.allocatedBytes(memory)
                : machine.profile().memoryBytes();
        return store.space().ofCopy(bytes + TreeCopy.dataBytes(guest, Selection.DISKS));
    }

    private Duration whilePaused(RunningMachine machine, Path guest, Path target, Work work)
            throws IOException, InterruptedException {
        var state = Files.createDirectories(new StandbyState(target).latest());
        var began = System.nanoTime();
        machines.pause(machine);
        try {
            faults.at(Step.MACHINE_PAUSED);
            var saved = machines.save(machine, state, MemoryWish.COPY);
            faults.at(Step.MACHINE_SAVED);
            TreeCopy.copy(guest, target, Selection.DISKS, CopyProgress.UNHEARD, work::ends);
            MachineJson.write(saved.profile(), state);
        } finally {
            machines.resume(machine);
        }
        var paused = Duration.ofNanos(System.nanoTime() - began);
        faults.at(Step.MACHINE_RESUMED);
        return paused;
    }

    /**
     * Lets the machine of a running instance go on, if an attempt that died left it standing still. One that has died meanwhile is
     * left to whoever looks after machines.
     */
    void letGoOn(InstanceManifest source) throws IOException, InterruptedException {
        var machine = MachineRecords.of(source);
        if (machine != null) {
            switch (machines.status(machine)) {
                case PAUSED -> {
                    new StandbyState(store.layout().guest(source.instance().id())).toLive();
                    machines.resume(machine);
                }
                case RUNNING, GONE, SILENT -> {}
            }
        }
    }
}
