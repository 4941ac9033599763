package dev.snapfork.hypervisor;

import static dev.snapfork.hypervisor.Lifecycle.done;
import static dev.snapfork.hypervisor.Lifecycle.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.hypervisor.InMemoryHost.Call;
import dev.snapfork.hypervisor.InMemoryHost.Trouble;
import dev.snapfork.instance.Hypervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InMemoryVmmTest extends VmmContract {
    private final InMemoryHost host = new InMemoryHost();

    @Override
    protected Drivers install(Path installed) throws IOException {
        var disk = Files.writeString(installed.resolve("disk"), "a disk");
        var spec = new Lifecycle(new InMemoryVmm(Hypervisor.QEMU, host), installed).spec("52:54:00:00:00:01");
        return new Drivers() {
            @Override
            public Vmm driver() {
                return new InMemoryVmm(Hypervisor.QEMU, host);
            }

            @Override
            public Vmm withoutMonitor() {
                return new InMemoryVmm(Hypervisor.QEMU, null);
            }

            @Override
            public Vmm impatient() {
                return driver();
            }

            @Override
            public MachineSpec spec() {
                return spec;
            }

            @Override
            public Path disk() {
                return disk;
            }
        };
    }

    @Override
    protected String stateFile() {
        return InMemoryVmm.STATE;
    }

    @Override
    protected boolean isAnybody(MachineHome home) {
        return host.isAnybody(home.label());
    }

    @Override
    protected void freeze(RunningMachine machine) {
        host.freeze(machine);
    }

    private Transition change(Call call, RunningMachine machine) throws Exception {
        return switch (call) {
            case PAUSE -> vmm().pause(machine);
            case RESUME -> vmm().resume(machine);
            case BOOT, LOAD, SAVE, KILL -> throw new IllegalArgumentException(call.name());
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"PAUSE", "RESUME"})
    void aChangeThatIsRefusedLeavesTheMachineAsItWasAndOneInWhichItDiesNothing(Call call) throws Exception {
        var machine = fork("machine");
        host.let(call, Trouble.REFUSE);

        var refused = failed(change(call, machine));

        assertThat(refused.machine()).isEqualTo(MachineStatus.PAUSED);
        done(change(call, machine));
        host.let(call, Trouble.DIE);
        assertThat(failed(change(call, machine)).machine()).isEqualTo(MachineStatus.GONE);
        assertThat(isAnybody(machine.home())).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aMachineThatDoesNotBeginIsNone(Trouble trouble) throws Exception {
        host.let(Call.BOOT, trouble);
        assertThat(vmm().boot(spec(), emptyHome())).isInstanceOf(Launch.Failed.class);
        host.let(Call.LOAD, trouble);

        assertThat(vmm().load(saved(), spec(), emptyHome())).isInstanceOf(Launch.Failed.class);

        assertThat(isAnybody(emptyHome())).isFalse();
    }

    @Test
    void aSaveThatIsRefusedWritesNothingAndOneInWhichItDiesHalf() throws Exception {
        var machine = fork("machine");
        var refused = newDirectory("refused");
        host.let(Call.SAVE, Trouble.REFUSE);
        assertThat(notSaved(machine, refused)).isEqualTo(MachineStatus.PAUSED);
        assertThat(refused).isEmptyDirectory();
        var half = newDirectory("half");
        host.let(Call.SAVE, Trouble.DIE);

        assertThat(notSaved(machine, half)).isEqualTo(MachineStatus.GONE);

        assertThat(half.resolve("memory")).hasSize(spec().memoryBytes() / 2);
        assertThat(half.resolve(stateFile())).doesNotExist();
    }

    @Test
    void aProcessThatDoesNotEndIsSaidAndEndsTheNextTime() throws Exception {
        var machine = fork("machine");
        host.let(Call.KILL, Trouble.REFUSE);

        var failed = failed(vmm().kill(machine));

        assertThat(failed.machine()).isEqualTo(MachineStatus.PAUSED);
        assertThat(host.machines()).containsExactlyInAnyOrder(source(), machine);
        done(vmm().stop(machine, Duration.ZERO));
        assertThat(host.machines()).containsExactly(source());
    }

    @Test
    void aGuestCountsInItsMemoryHowOftenItWentOn() throws Exception {
        var machine = fork("machine");
        var guest = FakeMemory.guest(saved().memory().file());

        life().resume(machine);
        life().pause(machine);
        life().resume(machine);

        assertThat(FakeMemory.guest(memory(machine, "kept"))).isEqualTo(guest.replace("went on 0", "went on 2"));
    }
}
