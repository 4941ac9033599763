package dev.snapfork.worker;

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
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A monitor as one process of the service has it: when that has died, nobody calls it from there any more. */
final class MortalVmm implements Vmm {
    private final Vmm vmm;
    private final AtomicBoolean dead;

    MortalVmm(Vmm vmm, AtomicBoolean dead) {
        this.vmm = vmm;
        this.dead = dead;
    }

    private Vmm alive() {
        if (dead.get()) {
            throw new Killed();
        }
        return vmm;
    }

    @Override
    public Hypervisor hypervisor() {
        return vmm.hypervisor();
    }

    @Override
    public Probe probe() throws InterruptedException {
        return alive().probe();
    }

    @Override
    public Launch boot(MachineSpec spec, MachineHome home) throws IOException, InterruptedException {
        return alive().boot(spec, home);
    }

    @Override
    public Launch load(SavedMachine saved, MachineSpec spec, MachineHome home)
            throws IOException, InterruptedException {
        return alive().load(saved, spec, home);
    }

    @Override
    public MachineStatus status(RunningMachine machine) throws InterruptedException {
        return alive().status(machine);
    }

    @Override
    public Transition pause(RunningMachine machine) throws InterruptedException {
        return alive().pause(machine);
    }

    @Override
    public Save save(RunningMachine machine, Path directory, MemoryWish wish) throws IOException, InterruptedException {
        return alive().save(machine, directory, wish);
    }

    @Override
    public Transition resume(RunningMachine machine) throws InterruptedException {
        return alive().resume(machine);
    }

    @Override
    public Transition stop(RunningMachine machine, Duration grace) throws InterruptedException {
        return alive().stop(machine, grace);
    }

    @Override
    public Transition kill(RunningMachine machine) throws InterruptedException {
        return alive().kill(machine);
    }

    @Override
    public Optional<Path> agentSocket(RunningMachine machine) {
        return alive().agentSocket(machine);
    }
}
