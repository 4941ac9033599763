package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.snapshot.TargetState;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What becomes of machines that sleep, and of those that are put back. */
class QemuStandbyTest extends RealMachines {
    @Override
    Hypervisor hypervisor() {
        return Hypervisor.QEMU;
    }

    @Test
    void whatIsPutBackIsAsItWasCaptured() throws Exception {
        var id = fork(captured());
        lab().ask(id, "set who first");
        var own = MachineLab.newSnapshot();
        ok(snapshot(own, id));
        lab().ask(id, "set who second");
        assertThat(error(lab().does(new Command.RestoreSnapshot(id, own, null, null)))
                        .code())
                .isEqualTo(RefusalCode.INVALID_STATE);
        ok(new Command.StopInstance(id));

        ok(new Command.RestoreSnapshot(id, own, null, null));

        assertThat(lab().instance(id).state()).isEqualTo(InstanceState.RUNNING);
        assertThat(lab().ask(id, "get who")).isEqualTo("first");
        assertGoesOn(id);
        delete(id);
        ok(new Command.DeleteSnapshot(own));
    }

    @Test
    void standbyKeepsEverythingAndGivesItBack() throws Exception {
        var id = fork(captured());
        lab().ask(id, "set who kept");

        ok(new Command.StandbyInstance(id, null, null));
        assertThat(lab().processes(id)).isZero();
        assertThat(lab().instance(id).hasSnapshot()).isTrue();
        ok(new Command.RestoreInstance(id));
        assertThat(lab().ask(id, "get who")).isEqualTo("kept");
        ok(new Command.StandbyInstance(id, CompressionConfig.of(CompressionAlgorithm.ZSTD, 1), null));
        lab().doFollowUps();
        assertThat(lab().hasCompressedStandby(id)).isTrue();
        ok(new Command.RestoreInstance(id));

        assertThat(lab().ask(id, "get who")).isEqualTo("kept");
        assertGoesOn(id);
        delete(id);
    }

    @Test
    void aForkThatSleptFirstIsAMachineOfItsOwnWhenItWakes() throws Exception {
        var id = fork(captured(), TargetState.STANDBY);
        var instance = MachineLab.newInstance();
        ok(new Command.ForkInstance(source(), instance, name(instance), true, TargetState.STANDBY, null));

        for (var sleeper : List.of(id, instance)) {
            var woken = ok(new Command.RestoreInstance(sleeper));
            assertThat(identity(woken).notReset()).isEmpty();
            assertThat(lab().ask(sleeper, "hostname")).isEqualTo(name(sleeper));
            assertThat(lab().ask(sleeper, "mac"))
                    .isNotEqualTo(lab().ask(source(), "mac"))
                    .isEqualTo(Objects.requireNonNull(lab().instance(sleeper).network())
                            .mac());
            assertGoesOn(sleeper);
            // it knows from now on
            ok(new Command.StandbyInstance(sleeper, null, null));
            assertThat(ok(new Command.RestoreInstance(sleeper)).identity()).isNull();
        }
        delete(id, instance);
    }

    @Test
    void aDelayOfCompressionSurvivesTheService() throws Exception {
        var id = fork(captured());
        ok(new Command.StandbyInstance(
                id, CompressionConfig.of(CompressionAlgorithm.ZSTD, 1), GoDuration.parse("300ms")));
        assertThat(lab().hasCompressedStandby(id)).isFalse();

        lab().restart();
        Thread.sleep(400);
        lab().reconcile();
        lab().doFollowUps();

        assertThat(lab().hasCompressedStandby(id)).isTrue();
        delete(id);
    }
}
