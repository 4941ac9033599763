package dev.snapfork.hypervisor;

import dev.snapfork.instance.Hypervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A monitor that this host cannot run. What it saved elsewhere can be kept here, and nothing here becomes a machine. */
public final class UnavailableVmm implements Vmm {
    private final Hypervisor hypervisor;
    private final String reason;

    /** @param reason for the caller: why not, and where it can */
    public UnavailableVmm(Hypervisor hypervisor, String reason) {
        this.hypervisor = hypervisor;
        this.reason = reason;
    }

    /** Apple's, on any other system. */
    public static UnavailableVmm vz() {
        return new UnavailableVmm(
                Hypervisor.VZ,
                "vz machines need Apple's Virtualization framework: they run on macOS only, and this host is not one");
    }

    @Override
    public Hypervisor hypervisor() {
        return hypervisor;
    }

    @Override
    public Probe probe() {
        return new Probe.Unavailable(reason);
    }

    @Override
    public Launch boot(MachineSpec spec, MachineHome home) {
        return refused();
    }

    @Override
    public Launch load(SavedMachine saved, MachineSpec spec, MachineHome home) {
        return refused();
    }

    private Launch refused() {
        return new Launch.Refused(Launch.Reason.NOT_SUPPORTED, reason);
    }

    /** None was ever started here, so whatever process has its number is another. */
    @Override
    public MachineStatus status(RunningMachine machine) {
        return MachineStatus.GONE;
    }

    @Override
    public Transition pause(RunningMachine machine) {
        return gone();
    }

    @Override
    public Save save(RunningMachine machine, Path directory, MemoryWish wish) {
        return new Save.Failed(reason, MachineStatus.GONE);
    }

    @Override
    public Transition resume(RunningMachine machine) {
        return gone();
    }

    private Transition gone() {
        return new Transition.Failed(reason, MachineStatus.GONE);
    }

    @Override
    public Transition stop(RunningMachine machine, Duration grace) {
        return new Transition.Done();
    }

    @Override
    public Transition kill(RunningMachine machine) {
        return new Transition.Done();
    }

    @Override
    public Optional<Path> agentSocket(RunningMachine machine) {
        return Optional.empty();
    }
}
