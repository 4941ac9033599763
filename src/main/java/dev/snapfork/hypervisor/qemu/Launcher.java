package dev.snapfork.hypervisor.qemu;

import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.process.LastWords;
import dev.snapfork.hypervisor.process.ProcessKey;
import dev.snapfork.hypervisor.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Starts QEMU and waits until it has come so far; what does not is ended. */
final class Launcher {
    private final Installed qemu;
    private final QemuConfig config;

    Launcher(Installed qemu, QemuConfig config) {
        this.qemu = qemu;
        this.config = config;
    }

    /**
     * Starts a machine.
     *
     * @param state that it is loaded from, so that it stands still; null for one that is booted
     * @return nothing runs if it is not {@link Launch.Launched}
     * @throws IOException if no process could be started, or one that came to nothing does not end
     */
    Launch start(MachineSpec spec, MachineHome home, CommandLine.Memory memory, @Nullable Path state)
            throws IOException, InterruptedException {
        Files.createDirectories(home.runtime());
        makeDirectory(home.directory().resolve("logs"));
        makeDirectory(home.memory().resolveSibling(""));
        for (var socket : Qmp.SOCKETS) {
            Files.deleteIfExists(home.runtime().resolve(socket));
        }
        var process = Spawn.start(CommandLine.of(qemu, spec, home, memory, state != null), home);
        var machine = new RunningMachine(
                process.pid(), process.startTicks(), process.boot(), memory.shared(), profile(spec), home);
        try {
            var deadline = Deadline.in(config.launchLimit(), "start");
            try (var qmp = greeted(process, home, deadline)) {
                if (state != null) {
                    load(qmp, state, home, deadline);
                }
                requireStatus(qmp, state == null ? "running" : "paused");
            }
            return new Launch.Launched(machine);
        } catch (IOException e) {
            var ended = process.awaitEnd(Duration.ofSeconds(1));
            if (!process.kill(QemuVmm.KILL_LIMIT)) {
                throw new IOException("QEMU's process " + process.pid() + " does not end", e);
            }
            return new Launch.Failed(
                    "QEMU did not start the machine: " + (ended ? LastWords.of(home) : String.valueOf(e.getMessage())));
        } catch (InterruptedException | RuntimeException e) {
            process.kill(QemuVmm.KILL_LIMIT);
            throw e;
        }
    }

    /** Never a directory above it, so that nothing is made where the instance is gone. */
    private static void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
        }
    }

    private Qmp greeted(ProcessKey process, MachineHome home, Deadline deadline)
            throws IOException, InterruptedException {
        while (true) {
            try {
                return Qmp.open(home, config.commandLimit());
            } catch (IOException e) {
                if (!process.lives()) {
                    throw new IOException("it ended", e);
                }
                deadline.requireTime();
                Thread.sleep(5);
            }
        }
    }

    private static void load(Qmp qmp, Path state, MachineHome home, Deadline deadline)
            throws IOException, InterruptedException {
        var socket = home.runtime().resolve("load.sock");
        Files.deleteIfExists(socket);
        qmp.ignoreShared(true);
        qmp.execute("migrate-incoming", Qmp.arguments().put("uri", "unix:" + socket));
        StateSocket.send(state, socket, deadline);
        while (qmp.status().equals("inmigrate")) {
            deadline.requireTime();
            Thread.sleep(2);
        }
        Files.deleteIfExists(socket);
    }

    private static void requireStatus(Qmp qmp, String wanted) throws IOException {
        var status = qmp.status();
        if (!status.equals(wanted)) {
            throw new IOException("the machine is " + status + " where it should be " + wanted);
        }
    }

    private MachineProfile profile(MachineSpec spec) {
        return new MachineProfile(
                spec.hypervisor(),
                qemu.version(),
                qemu.machineType(),
                qemu.accelerator(),
                Preflight.ARCHITECTURE,
                spec.vcpus(),
                spec.memoryBytes(),
                spec.disks(),
                spec.mac());
    }
}
