package dev.snapfork.hypervisor.firecracker;

import dev.snapfork.hypervisor.Launch.Reason;
import dev.snapfork.hypervisor.Launch.Refused;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.http.Admission;
import dev.snapfork.hypervisor.http.ApiLauncher;
import dev.snapfork.hypervisor.http.Call;
import dev.snapfork.hypervisor.http.Installation;
import dev.snapfork.hypervisor.http.Version;
import dev.snapfork.hypervisor.process.ProcessKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One start of a new machine. */
record Booting(MachineSpec spec, MachineHome home, Duration limit) implements ApiLauncher.Plan {
    private static final int MOST_VCPUS = 32;

    /** What Firecracker has not. */
    static Optional<Refused> refusal(MachineSpec spec) {
        if (spec.vcpus() > MOST_VCPUS) {
            return Admission.refused(
                    Reason.INVALID, "Firecracker has at most " + MOST_VCPUS + " vcpus, got " + spec.vcpus());
        }
        return spec.disks().stream().allMatch(disk -> disk.format() == MachineSpec.Disk.Format.RAW)
                ? Optional.empty()
                : Admission.refused(Reason.INVALID, "Firecracker has raw disks only");
    }

    @Override
    public Optional<Refused> refusal(Version version) {
        return Optional.empty();
    }

    @Override
    public List<Call> calls(Version version) {
        return new NewMachine(spec, home, limit).calls();
    }

    @Override
    public RunningMachine machine(ProcessKey process, Version version) {
        var profile = new MachineProfile(
                spec.hypervisor(),
                version.toString(),
                "",
                Installation.ACCELERATOR,
                Installation.architecture(),
                spec.vcpus(),
                spec.memoryBytes(),
                spec.disks(),
                spec.mac());
        return new RunningMachine(process.pid(), process.startTicks(), process.boot(), false, profile, home);
    }
}
