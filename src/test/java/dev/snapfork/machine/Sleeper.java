package dev.snapfork.machine;

import dev.snapfork.hypervisor.MachineHome;
import java.io.IOException;

/** A process with the label of a machine. */
final class Sleeper implements AutoCloseable {
    private final Process process;

    Sleeper(String label) throws IOException {
        var builder = new ProcessBuilder("sleep", "600");
        builder.environment().put(MachineHome.LABEL, label);
        process = builder.start();
    }

    long pid() {
        return process.pid();
    }

    boolean lives() {
        return process.isAlive();
    }

    void end() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        end();
    }
}
