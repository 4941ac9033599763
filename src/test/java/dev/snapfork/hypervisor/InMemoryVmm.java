package dev.snapfork.hypervisor;

import dev.snapfork.hypervisor.InMemoryHost.Call;
import dev.snapfork.hypervisor.InMemoryHost.Trouble;
import dev.snapfork.hypervisor.Launch.Reason;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A driver of machines that are objects and whose files are real: what is saved lies in files, and a machine is made of what lies there.
 * Machines have memory files of their own; what is loaded from others' files is the machine's alone.
 */
public final class InMemoryVmm implements Vmm {
    /** The device state, beside what else was saved: the version, and a last line without which it is not whole. */
    public static final String STATE = "state";

    private static final String MEMORY = "memory";
    private static final String LAST = "all of it\n";
    private static final Probe.Available HERE = new Probe.Available("1.2.3", List.of("in-memory-1"), "none", "x86_64");

    private final Hypervisor hypervisor;
    private final @Nullable InMemoryHost host;

    /** @param host where there is such a monitor; null for none */
    public InMemoryVmm(Hypervisor hypervisor, @Nullable InMemoryHost host) {
        this.hypervisor = hypervisor;
        this.host = host;
    }

    private InMemoryHost host() {
        return Objects.requireNonNull(host, "nothing was started");
    }

    @Override
    public Hypervisor hypervisor() {
        return hypervisor;
    }

    @Override
    public Probe probe() {
        return host == null ? new Probe.Unavailable("the monitor is not installed") : HERE;
    }

    @Override
    public Launch boot(MachineSpec spec, MachineHome home) throws IOException {
        var refused = refusal(spec, home);
        if (refused.isPresent()) {
            return refused.get();
        }
        makeDirectories(home);
        var memory = FakeMemory.booted(spec.memoryBytes(), home.memory(), true);
        return launch(Call.BOOT, new InMemoryMachine.Made(profile(spec), home, memory, MachineStatus.RUNNING));
    }

    @Override
    public Launch load(SavedMachine saved, MachineSpec spec, MachineHome home) throws IOException {
        var refused = refusal(spec, home).or(() -> incompatible(saved, spec));
        if (refused.isPresent()) {
            return refused.get();
        }
        var file = saved.memory().file();
        if (!isWhole(saved.directory().resolve(STATE))
                || !Files.isRegularFile(file)
                || Files.size(file) != spec.memoryBytes()) {
            return new Launch.Refused(Reason.DAMAGED, "what was saved is not there, or not as it was");
        }
        makeDirectories(home);
        var own = saved.memory() instanceof MemorySource.Own;
        var memory = FakeMemory.of(file, own ? file : null, own);
        return launch(Call.LOAD, new InMemoryMachine.Made(saved.profile(), home, memory, MachineStatus.PAUSED));
    }

    private Optional<Launch> refusal(MachineSpec spec, MachineHome home) {
        if (host == null) {
            return refused(Reason.NOT_SUPPORTED, "the monitor is not installed");
        }
        if (!Files.isReadable(spec.kernel().image())) {
            return refused(Reason.INVALID, "the kernel cannot be read");
        }
        return spec.disks().stream()
                        .allMatch(disk -> Files.isReadable(home.directory().resolve(disk.file())))
                ? Optional.empty()
                : refused(Reason.DAMAGED, "a disk is missing");
    }

    private Optional<Launch> incompatible(SavedMachine saved, MachineSpec spec) {
        var before = saved.profile();
        var wanted = profile(spec);
        var same = List.of(
                wanted.hypervisor().equals(before.hypervisor()),
                wanted.version().equals(before.version()),
                wanted.machineType().equals(before.machineType()),
                wanted.accelerator().equals(before.accelerator()),
                wanted.architecture().equals(before.architecture()),
                wanted.vcpus() == before.vcpus(),
                wanted.memoryBytes() == before.memoryBytes(),
                wanted.disks().equals(before.disks()),
                (wanted.mac() == null) == (before.mac() == null));
        return !same.contains(false) ? Optional.empty() : refused(Reason.INCOMPATIBLE, "saved was another machine");
    }

    private static Optional<Launch> refused(Reason reason, String message) {
        return Optional.of(new Launch.Refused(reason, message));
    }

    private static void makeDirectories(MachineHome home) throws IOException {
        Files.createDirectories(home.runtime());
        Files.createDirectories(home.memory().getParent());
    }

    private static MachineProfile profile(MachineSpec spec) {
        return new MachineProfile(
                spec.hypervisor(),
                HERE.version(),
                HERE.machineTypes().getFirst(),
                HERE.accelerator(),
                HERE.architecture(),
                spec.vcpus(),
                spec.memoryBytes(),
                spec.disks(),
                spec.mac());
    }

    private static boolean isWhole(Path state) throws IOException {
        return Files.isRegularFile(state) && Files.readString(state).equals(HERE.version() + "\n" + LAST);
    }

    private Launch launch(Call call, InMemoryMachine.Made made) {
        return host().trouble(call)
                .<Launch>map(trouble -> new Launch.Failed("told to " + trouble))
                .orElseGet(() -> new Launch.Launched(host().add(made)));
    }

    @Override
    public MachineStatus status(RunningMachine machine) {
        return host().find(machine).map(InMemoryMachine::status).orElse(MachineStatus.GONE);
    }

    /** Why a call about a machine does not come so far; what dies is gone then. */
    private Optional<String> trouble(RunningMachine record, Call call) {
        var machine = host().find(record);
        if (machine.isEmpty() || machine.get().status() == MachineStatus.SILENT) {
            return Optional.of("the monitor does not answer");
        }
        var trouble = host().trouble(call);
        if (trouble.isPresent() && trouble.get() == Trouble.DIE) {
            host().remove(machine.get());
        }
        return trouble.map(what -> "told to " + what);
    }

    private interface Change {
        void make(InMemoryMachine machine) throws IOException;
    }

    private Transition change(RunningMachine record, Call call, Change change) {
        var trouble = trouble(record, call);
        if (trouble.isPresent()) {
            return new Transition.Failed(trouble.get(), status(record));
        }
        try {
            change.make(host().find(record).orElseThrow());
            return new Transition.Done();
        } catch (IOException e) {
            return new Transition.Failed(String.valueOf(e.getMessage()), status(record));
        }
    }

    @Override
    public Transition pause(RunningMachine machine) {
        return change(machine, Call.PAUSE, InMemoryMachine::pause);
    }

    @Override
    public Transition resume(RunningMachine machine) {
        return change(machine, Call.RESUME, InMemoryMachine::resume);
    }

    /** A monitor that dies meanwhile leaves half of the memory, and no state. */
    @Override
    public Save save(RunningMachine record, Path directory, MemoryWish wish) {
        var machine = host().find(record);
        if (machine.isEmpty() || machine.get().status() != MachineStatus.PAUSED) {
            return new Save.Failed("the machine does not stand still", status(record));
        }
        var memory = machine.get().memory();
        var leave = memory.isInItsFile() && wish == MemoryWish.LEAVE;
        var target = leave ? record.home().memory() : directory.resolve(MEMORY);
        try {
            var trouble = trouble(record, Call.SAVE);
            if (trouble.isPresent()) {
                if (status(record) == MachineStatus.GONE && !leave) {
                    memory.writeHalf(target);
                }
                return new Save.Failed(trouble.get(), status(record));
            }
            if (!leave) {
                memory.writeTo(target);
            }
            var state = HERE.version() + "\n" + LAST;
            Files.writeString(directory.resolve(STATE), state, StandardOpenOption.CREATE_NEW);
            return new Save.Saved(record.profile(), target);
        } catch (IOException e) {
            return new Save.Failed(String.valueOf(e.getMessage()), status(record));
        }
    }

    /** Its guests shut down at once. */
    @Override
    public Transition stop(RunningMachine machine, Duration grace) {
        return kill(machine);
    }

    @Override
    public Transition kill(RunningMachine record) {
        var machine = host().find(record);
        if (machine.isPresent()) {
            if (host().trouble(Call.KILL).equals(Optional.of(Trouble.REFUSE))) {
                return new Transition.Failed("the process does not end", status(record));
            }
            host().remove(machine.get());
        }
        return new Transition.Done();
    }

    @Override
    public Optional<Path> agentSocket(RunningMachine machine) {
        return Optional.of(machine.home().runtime().resolve("agent.sock"));
    }
}
