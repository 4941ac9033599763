package dev.snapfork.hypervisor;

import java.io.IOException;

/** A machine of an {@link InMemoryHost}. Its guest writes to its memory each time it goes on. */
final class InMemoryMachine {
    private final RunningMachine record;
    private final FakeMemory memory;
    private MachineStatus status;

    InMemoryMachine(RunningMachine record, Made made) {
        this.record = record;
        this.memory = made.memory();
        this.status = made.status();
    }

    /** What there is of a machine before it has a number. */
    record Made(MachineProfile profile, MachineHome home, FakeMemory memory, MachineStatus status) {}

    RunningMachine record() {
        return record;
    }

    FakeMemory memory() {
        return memory;
    }

    synchronized MachineStatus status() {
        return status;
    }

    synchronized void freeze() {
        status = MachineStatus.SILENT;
    }

    synchronized void pause() {
        status = MachineStatus.PAUSED;
    }

    synchronized void resume() throws IOException {
        if (status != MachineStatus.RUNNING) {
            memory.run();
        }
        status = MachineStatus.RUNNING;
    }
}
