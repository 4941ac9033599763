package dev.snapfork.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.instance.Hypervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UnavailableVmmTest {
    private static final MachineHome HOME = new MachineHome(Path.of("/m"), Path.of("/run/m"), "m");
    private static final MachineProfile PROFILE =
            new MachineProfile(Hypervisor.VZ, "14", "", "", "arm64", 1, 2 << 20, List.of(), null);

    private final Vmm vmm = UnavailableVmm.vz();

    @Test
    void vzSaysThatItRunsElsewhereAndMakesNoMachine() throws Exception {
        var kernel = new MachineSpec.Kernel(Path.of("/k"), null, "");
        var spec = new MachineSpec(Hypervisor.VZ, 1, 2 << 20, kernel, List.of(), null, UUID.randomUUID());
        var saved = new SavedMachine(Path.of("/s"), PROFILE, new MemorySource.Shared(Path.of("/s/memory")));

        assertThat(vmm.hypervisor()).isEqualTo(Hypervisor.VZ);
        assertThat(vmm.probe())
                .isInstanceOfSatisfying(Probe.Unavailable.class, unavailable -> assertThat(unavailable.reason())
                        .contains("macOS"));
        for (var launch : List.of(vmm.boot(spec, HOME), vmm.load(saved, spec, HOME))) {
            assertThat(launch).isInstanceOfSatisfying(Launch.Refused.class, refused -> assertThat(refused.reason())
                    .isEqualTo(Launch.Reason.NOT_SUPPORTED));
        }
    }

    @Test
    void whateverIsKnownOfAMachineItIsNotHere() throws Exception {
        var machine = new RunningMachine(1, 1, "boot", false, PROFILE, HOME);

        assertThat(vmm.status(machine)).isEqualTo(MachineStatus.GONE);
        assertThat(vmm.pause(machine)).isInstanceOf(Transition.Failed.class);
        assertThat(vmm.resume(machine)).isInstanceOf(Transition.Failed.class);
        assertThat(vmm.save(machine, Path.of("/s"), MemoryWish.COPY)).isInstanceOf(Save.Failed.class);
        assertThat(vmm.stop(machine, Duration.ZERO)).isInstanceOf(Transition.Done.class);
        assertThat(vmm.kill(machine)).isInstanceOf(Transition.Done.class);
        assertThat(vmm.agentSocket(machine)).isEmpty();
    }
}
