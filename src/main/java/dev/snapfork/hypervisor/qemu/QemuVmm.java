package dev.snapfork.hypervisor.qemu;

import dev.snapfork.file.CopyWish;
import dev.snapfork.file.SparseFile;
import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.MemorySource;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.Probe;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.Save;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.hypervisor.Transition;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.process.ProcessKey;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** QEMU machines of one kind: q35, whose type has versions, or microvm, which has none. */
public final class QemuVmm implements Vmm {
    /** The device state, beside what else was saved. */
    static final String STATE = "state";

    static final String MEMORY = "memory";
    private static final String ENDED = "the machine's process has ended";
    static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final Hypervisor hypervisor;
    private final QemuConfig config;
    private final QemuProbe probe;
    private final Preflight preflight = new Preflight();
    private @Nullable Installed installed;

    /** @param hypervisor {@link Hypervisor#QEMU} or {@link Hypervisor#QEMU_MICROVM} */
    public QemuVmm(Hypervisor hypervisor, QemuConfig config) {
        this.hypervisor = hypervisor;
        this.config = config;
        this.probe = new QemuProbe(config);
    }

    @Override
    public Hypervisor hypervisor() {
        return hypervisor;
    }

    /** What is not there is looked for again each time: it may be installed while the service runs. */
    private synchronized Installed installed() throws IOException, InterruptedException {
        var known = installed;
        if (known == null) {
            known = probe.installed(hypervisor);
            installed = known;
        }
        return known;
    }

    @Override
    public Probe probe() throws InterruptedException {
        try {
            var qemu = installed();
            return new Probe.Available(
                    qemu.version(), List.of(qemu.machineType()), qemu.accelerator(), Preflight.ARCHITECTURE);
        } catch (IOException e) {
            return new Probe.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Launch boot(MachineSpec spec, MachineHome home) throws IOException, InterruptedException {
        if (probe() instanceof Probe.Unavailable(var reason)) {
            return new Launch.Refused(Launch.Reason.NOT_SUPPORTED, reason);
        }
        var refused = preflight.boot(spec, home);
        if (refused.isPresent()) {
            return refused.get();
        }
        Files.deleteIfExists(home.memory());
        return launcher().start(spec, home, new CommandLine.Memory(home.memory(), true), null);
    }

    @Override
    public Launch load(SavedMachine saved, MachineSpec spec, MachineHome home)
            throws IOException, InterruptedException {
        if (probe() instanceof Probe.Unavailable(var reason)) {
            return new Launch.Refused(Launch.Reason.NOT_SUPPORTED, reason);
        }
        var refused = preflight.boot(spec, home).or(() -> preflight.load(saved, spec, requireInstalled()));
        if (refused.isPresent()) {
            return refused.get();
        }
        var memory = new CommandLine.Memory(saved.memory().file(), saved.memory() instanceof MemorySource.Own);
        return launcher().start(spec, home, memory, saved.directory().resolve(STATE));
    }

    private Launcher launcher() {
        return new Launcher(requireInstalled(), config);
    }

    private synchronized Installed requireInstalled() {
        if (installed == null) {
            throw new IllegalStateException("not probed");
        }
        return installed;
    }

    @Override
    public MachineStatus status(RunningMachine machine) {
        if (!ProcessKey.of(machine).lives()) {
            return MachineStatus.GONE;
        }
        try (var qmp = Qmp.open(machine.home(), config.commandLimit())) {
            return qmp.status().equals("running") ? MachineStatus.RUNNING : MachineStatus.PAUSED;
        } catch (IOException e) {
            return ProcessKey.of(machine).lives() ? MachineStatus.SILENT : MachineStatus.GONE;
        }
    }

    @Override
    public Transition pause(RunningMachine machine) {
        return change(machine, qmp -> {
            if (qmp.status().equals("running")) {
                qmp.execute("stop");
            }
        });
    }

    @Override
    public Transition resume(RunningMachine machine) {
        return change(machine, qmp -> {
            if (!qmp.status().equals("running")) {
                qmp.endTransfer();
                qmp.execute("cont");
            }
        });
    }

    private interface Change {
        void make(Qmp qmp) throws IOException;
    }

    private Transition change(RunningMachine machine, Change change) {
        if (!ProcessKey.of(machine).lives()) {
            // its sockets may be a later machine's by now
            return new Transition.Failed(ENDED, MachineStatus.GONE);
        }
        try (var qmp = Qmp.open(machine.home(), config.commandLimit())) {
            change.make(qmp);
            return new Transition.Done();
        } catch (IOException e) {
            return new Transition.Failed(String.valueOf(e.getMessage()), status(machine));
        }
    }

    @Override
    public Save save(RunningMachine machine, Path directory, MemoryWish wish) throws InterruptedException {
        if (!ProcessKey.of(machine).lives()) {
            return new Save.Failed(ENDED, MachineStatus.GONE);
        }
        var memory = directory.resolve(MEMORY);
        var state = directory.resolve(STATE);
        try (var saving = new Saving(machine, config)) {
            if (!machine.ownMemory()) {
                saving.withMemory(state, memory);
                return new Save.Saved(machine.profile(), memory);
            }
            saving.withoutMemory(state);
            if (wish == MemoryWish.COPY) {
                SparseFile.copy(machine.home().memory(), memory, EnumSet.of(CopyWish.WRITE_BACK));
            }
            saving.requireStoodStill();
            return new Save.Saved(
                    machine.profile(),
                    wish == MemoryWish.COPY ? memory : machine.home().memory());
        } catch (IOException e) {
            return new Save.Failed(String.valueOf(e.getMessage()), status(machine));
        }
    }

    @Override
    public Transition stop(RunningMachine machine, Duration grace) throws InterruptedException {
        var process = ProcessKey.of(machine);
        if (!process.lives()) {
            return new Transition.Done();
        }
        var asked = change(machine, qmp -> {
            if (!qmp.status().equals("running")) {
                qmp.execute("cont");
            }
            qmp.execute("system_powerdown");
        });
        if (asked instanceof Transition.Done && process.awaitEnd(grace)) {
            return asked;
        }
        var unused = change(machine, qmp -> qmp.execute("quit"));
        return process.awaitEnd(Duration.ofSeconds(2)) ? new Transition.Done() : kill(machine);
    }

    @Override
    public Transition kill(RunningMachine machine) throws InterruptedException {
        return ProcessKey.of(machine).kill(KILL_LIMIT)
                ? new Transition.Done()
                : new Transition.Failed("its process does not end", MachineStatus.SILENT);
    }

    @Override
    public Optional<Path> agentSocket(RunningMachine machine) {
        return Optional.of(machine.home().runtime().resolve(CommandLine.AGENT_SOCKET));
    }
}
