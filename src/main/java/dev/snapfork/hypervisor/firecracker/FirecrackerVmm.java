package dev.snapfork.hypervisor.firecracker;

import static dev.snapfork.hypervisor.firecracker.NewMachine.json;

import dev.snapfork.hypervisor.Launch;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.MemoryWish;
import dev.snapfork.hypervisor.Probe;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.Save;
import dev.snapfork.hypervisor.SavedMachine;
import dev.snapfork.hypervisor.Transition;
import dev.snapfork.hypervisor.Vmm;
import dev.snapfork.hypervisor.http.Admission;
import dev.snapfork.hypervisor.http.ApiLauncher;
import dev.snapfork.hypervisor.http.ApiMonitor;
import dev.snapfork.hypervisor.http.Call;
import dev.snapfork.hypervisor.http.Deadlines;
import dev.snapfork.hypervisor.http.Installation;
import dev.snapfork.hypervisor.http.Version;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Firecracker from 1.7 on. Its machines have no memory file of their own: a new one's memory is the process's, a loaded one maps the
 * file privately, {@link dev.snapfork.hypervisor.MemorySource.Own} or not. Saving writes all of it.
 *
 * <p>The network is a tap device named {@link dev.snapfork.hypervisor.TapName#of}. The agent is reached through vsock: whoever connects
 * says {@code CONNECT port} first.
 */
public final class FirecrackerVmm implements Vmm {
    private static final Version OLDEST = new Version(1, 7, 0, "");
    private static final String MEMORY = "memory";

    private final Deadlines deadlines;
    private final ApiMonitor monitor;
    private final ApiLauncher launcher;
    private final Installation installation;

    public FirecrackerVmm(FirecrackerConfig config) {
        var dialect = new FirecrackerDialect(config.binary());
        this.deadlines = config.deadlines();
        this.monitor = new ApiMonitor(dialect, deadlines);
        this.launcher = new ApiLauncher(dialect, deadlines);
        this.installation =
                new Installation(hypervisor(), config.binary(), config.device(), dialect, OLDEST, deadlines);
    }

    @Override
    public Hypervisor hypervisor() {
        return Hypervisor.FIRECRACKER;
    }

    @Override
    public Probe probe() throws InterruptedException {
        return installation.probe();
    }

    @Override
    public Launch boot(MachineSpec spec, MachineHome home) throws IOException, InterruptedException {
        var refusal = Admission.toStart(probe(), home).or(() -> Booting.refusal(spec));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Vsock.prepare(home, Vsock.PLACE);
        return launcher.launch(home, new Booting(spec, home, deadlines.answer()));
    }

    @Override
    public Launch load(SavedMachine saved, MachineSpec spec, MachineHome home)
            throws IOException, InterruptedException {
        var probe = probe();
        var refusal = Admission.toStart(probe, home).or(() -> Booting.refusal(spec));
        if (refusal.isEmpty() && probe instanceof Probe.Available here) {
            refusal = Admission.toLoad(saved, spec, here);
        }
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var loading = new Loading(saved, spec, home, deadlines.memory());
        refusal = loading.prepare(Version.parse(saved.profile().version()));
        return refusal.isPresent() ? refusal.get() : launcher.launch(home, loading);
    }

    @Override
    public MachineStatus status(RunningMachine machine) throws InterruptedException {
        return monitor.status(machine);
    }

    @Override
    public Transition pause(RunningMachine machine) throws InterruptedException {
        return change(machine, "Paused", MachineStatus.PAUSED);
    }

    @Override
    public Transition resume(RunningMachine machine) throws InterruptedException {
        return change(machine, "Resumed", MachineStatus.RUNNING);
    }

    private Transition change(RunningMachine machine, String state, MachineStatus wanted) throws InterruptedException {
        return monitor.change(
                machine, Call.patch("/vm", json().put("state", state).toString(), deadlines.answer()), wanted);
    }

    @Override
    public Save save(RunningMachine machine, Path directory, MemoryWish wish) throws IOException, InterruptedException {
        var state = directory.resolve(Loading.STATE).toAbsolutePath();
        var memory = directory.resolve(MEMORY).toAbsolutePath();
        var body = json().put("snapshot_type", "Full")
                .put("snapshot_path", state.toString())
                .put("mem_file_path", memory.toString());
        var trouble = monitor.trouble(machine, Call.put("/snapshot/create", body.toString(), deadlines.memory()));
        var status = monitor.status(machine);
        if (trouble.isPresent()) {
            return new Save.Failed(trouble.get(), status);
        }
        if (status != MachineStatus.PAUSED) {
            return new Save.Failed("the machine did not stand still while it was saved", status);
        }
        if (State.read(state).isEmpty()
                || !Files.isRegularFile(memory)
                || Files.size(memory) != machine.profile().memoryBytes()) {
            return new Save.Failed("Firecracker wrote no whole snapshot", status);
        }
        return new Save.Saved(machine.profile(), memory);
    }

    @Override
    public Transition stop(RunningMachine machine, Duration grace) throws InterruptedException {
        if (monitor.status(machine) == MachineStatus.PAUSED) {
            // a guest that stands still hears nothing
            resume(machine);
        }
        var trouble = monitor.trouble(
                machine,
                Call.put("/actions", json().put("action_type", "SendCtrlAltDel").toString(), deadlines.answer()));
        return trouble.isPresent() ? monitor.kill(machine) : monitor.end(machine, grace);
    }

    @Override
    public Transition kill(RunningMachine machine) throws InterruptedException {
        return monitor.kill(machine);
    }

    @Override
    public Optional<Path> agentSocket(RunningMachine machine) {
        var link = Vsock.link(machine.home());
        return Files.isSymbolicLink(link) ? Optional.of(link) : Optional.empty();
    }
}
