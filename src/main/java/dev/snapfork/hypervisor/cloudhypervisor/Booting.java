package dev.snapfork.hypervisor.cloudhypervisor;

import dev.snapfork.hypervisor.Launch.Refused;
import dev.snapfork.hypervisor.MachineProfile;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.RunningMachine;
import dev.snapfork.hypervisor.http.ApiLauncher;
import dev.snapfork.hypervisor.http.Call;
import dev.snapfork.hypervisor.http.Installation;
import dev.snapfork.hypervisor.http.Version;
import dev.snapfork.hypervisor.process.ProcessKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One start of a new machine. */
record Booting(MachineSpec spec, Places places, Duration limit) implements ApiLauncher.Plan {
    @Override
    public Optional<Refused> refusal(Version version) {
        return Optional.empty();
    }

    @Override
    public List<Call> calls(Version version) {
        var config = new NewMachine(spec, places).json(version);
        return List.of(
                Call.put(CloudHypervisorDialect.path("vm.create"), config.toString(), limit),
                Call.put(CloudHypervisorDialect.path("vm.boot"), null, limit));
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
        return new RunningMachine(process.pid(), process.startTicks(), process.boot(), true, profile, places.home());
    }
}
