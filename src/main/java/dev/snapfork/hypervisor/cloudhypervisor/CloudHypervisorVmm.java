package dev.snapfork.hypervisor.cloudhypervisor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.snapfork.file.SparseFile;
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
import dev.snapfork.hypervisor.process.ProcessKey;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cloud Hypervisor from 40 on. A new machine has its memory in a file of its own, so that saving it writes no memory, and a fork maps
 * what was saved privately. Machines that were saved otherwise, elsewhere or as forks, have their memory read into the process.
 *
 * <p>The network is a tap device named {@link dev.snapfork.hypervisor.TapName#of}. The agent is reached through vsock: whoever connects
 * says {@code CONNECT port} first.
 */
public final class CloudHypervisorVmm implements Vmm {
    private static final Version OLDEST = new Version(40, 0, 0, "");

    /** Where a copy of the memory is put; what Cloud Hypervisor writes itself is called otherwise. */
    private static final String MEMORY = "memory";

    private final CloudHypervisorConfig config;
    private final Deadlines deadlines;
    private final ApiMonitor monitor;
    private final ApiLauncher launcher;
    private final Installation installation;

    public CloudHypervisorVmm(CloudHypervisorConfig config) {
        var dialect = new CloudHypervisorDialect(config.binary());
        this.config = config;
        this.deadlines = config.deadlines();
        this.monitor = new ApiMonitor(dialect, deadlines);
        this.launcher = new ApiLauncher(dialect, deadlines);
        this.installation =
                new Installation(hypervisor(), config.binary(), config.device(), dialect, OLDEST, deadlines);
    }

    @Override
    public Hypervisor hypervisor() {
        return Hypervisor.CLOUD_HYPERVISOR;
    }

    @Override
    public Probe probe() throws InterruptedException {
        return installation.probe();
    }

    @Override
    public Launch boot(MachineSpec spec, MachineHome home) throws IOException, InterruptedException {
        var refusal = Admission.toStart(probe(), home);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var places = new Places(home);
        places.clear();
        new NewMachine(spec, places).createMemory();
        return launcher.launch(home, new Booting(spec, places, deadlines.answer()));
    }

    @Override
    public Launch load(SavedMachine saved, MachineSpec spec, MachineHome home)
            throws IOException, InterruptedException {
        var probe = probe();
        var refusal = Admission.toStart(probe, home);
        if (refusal.isEmpty() && probe instanceof Probe.Available here) {
            refusal = Admission.toLoad(saved, spec, here);
        }
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var loading = new Loading(saved, spec, home, config);
        refusal = loading.prepare();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        try {
            return launcher.launch(home, loading);
        } finally {
            loading.clear();
        }
    }

    @Override
    public MachineStatus status(RunningMachine machine) throws InterruptedException {
        return monitor.status(machine);
    }

    @Override
    public Transition pause(RunningMachine machine) throws InterruptedException {
        return monitor.change(machine, put("vm.pause", null, deadlines.answer()), MachineStatus.PAUSED);
    }

    @Override
    public Transition resume(RunningMachine machine) throws InterruptedException {
        return monitor.change(machine, put("vm.resume", null, deadlines.answer()), MachineStatus.RUNNING);
    }

    @Override
    public Save save(RunningMachine machine, Path directory, MemoryWish wish) throws IOException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode().put("destination_url", "file://" + directory.toAbsolutePath());
        var trouble = monitor.trouble(machine, put("vm.snapshot", body.toString(), deadlines.memory()));
        if (trouble.isPresent()) {
            return new Save.Failed(trouble.get(), monitor.status(machine));
        }
        var memory = memory(machine, directory, wish);
        var status = monitor.status(machine);
        if (status != MachineStatus.PAUSED) {
            return new Save.Failed("the machine did not stand still while it was saved", status);
        }
        if (!isFile(directory.resolve(Loading.CONFIG))
                || !isFile(directory.resolve(Loading.STATE))
                || !isFile(memory)
                || Files.size(memory) != machine.profile().memoryBytes()) {
            return new Save.Failed("Cloud Hypervisor wrote no whole snapshot", status);
        }
        return new Save.Saved(machine.profile(), memory);
    }

    private static Path memory(RunningMachine machine, Path directory, MemoryWish wish) throws IOException {
        if (!machine.ownMemory()) {
            return directory.resolve(Loading.RANGES);
        }
        var live = machine.home().memory();
        return switch (wish) {
            case LEAVE -> live;
            case COPY -> {
                var copy = directory.resolve(MEMORY);
                SparseFile.copy(live, copy);
                yield copy;
            }
        };
    }

    private static boolean isFile(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) > 0;
    }

    @Override
    public Transition stop(RunningMachine machine, Duration grace) throws InterruptedException {
        if (monitor.status(machine) == MachineStatus.PAUSED) {
            // a guest that stands still hears nothing
            resume(machine);
        }
        var trouble = monitor.trouble(machine, put("vm.power-button", null, deadlines.answer()));
        if (trouble.isEmpty() && ProcessKey.of(machine).awaitEnd(grace)) {
            return new Transition.Done();
        }
        // which closes its disks in an orderly way; what does not end by that is killed
        return monitor.trouble(machine, put("vmm.shutdown", null, deadlines.answer()))
                        .isEmpty()
                ? monitor.end(machine, deadlines.end())
                : monitor.kill(machine);
    }

    @Override
    public Transition kill(RunningMachine machine) throws InterruptedException {
        return monitor.kill(machine);
    }

    @Override
    public Optional<Path> agentSocket(RunningMachine machine) {
        var socket = new Places(machine.home()).vsock();
        return Files.exists(socket) ? Optional.of(socket) : Optional.empty();
    }

    private static Call put(String name, @Nullable String body, Duration limit) {
        return Call.put(CloudHypervisorDialect.path(name), body, limit);
    }
}
