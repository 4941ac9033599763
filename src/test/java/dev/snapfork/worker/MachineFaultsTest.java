package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.fault.Step;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.TargetState;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of command about machines, with the service's process dying at each step that has to do with them. Whoever gets the command
 * next finishes it: the machine that should run does, once, and no other; the source goes on.
 */
@Timeout(600)
class MachineFaultsTest extends RealMachines {
    private static final Set<Step> DEADLY = EnumSet.of(
            Step.MACHINE_STARTED,
            Step.MACHINE_PAUSED,
            Step.MACHINE_SAVED,
            Step.MACHINE_RESUMED,
            Step.GUEST_IDENTIFIED,
            Step.MACHINE_ENDED,
            Step.MEMORY_DECODED,
            Step.STAGED,
            Step.RENAMED,
            Step.EXCHANGED,
            Step.COMMITTED,
            Step.TRASHED,
            Step.EVENT_PUBLISHED);

    private final SnapshotId compressed = MachineLab.newSnapshot();

    @Override
    Hypervisor hypervisor() {
        return Hypervisor.QEMU;
    }

    @BeforeAll
    void compress() {
        ok(snapshot(compressed, source()));
        ok(new Command.CompressSnapshot(compressed, CompressionConfig.of(CompressionAlgorithm.ZSTD, 1)));
    }

    /** A kind of command, and how the instance is that it is about before and after it. */
    enum Deed {
        SNAPSHOT(InstanceState.RUNNING, InstanceState.RUNNING),
        FORK(null, InstanceState.RUNNING),
        FORK_COMPRESSED(null, InstanceState.RUNNING),
        FORK_OF_AN_INSTANCE(null, InstanceState.RUNNING),
        STANDBY(InstanceState.RUNNING, InstanceState.STANDBY),
        RESTORE(InstanceState.STANDBY, InstanceState.RUNNING),
        RESTORE_IN_PLACE(InstanceState.STANDBY, InstanceState.RUNNING),
        STOP(InstanceState.RUNNING, InstanceState.STOPPED),
        START(InstanceState.STOPPED, InstanceState.RUNNING),
        CREATE(null, InstanceState.RUNNING),
        DELETE(InstanceState.RUNNING, null);

        private final @Nullable InstanceState before;
        private final @Nullable InstanceState after;

        Deed(@Nullable InstanceState before, @Nullable InstanceState after) {
            this.before = before;
            this.after = after;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServiceThatDiesInTheMiddleLeavesOneMachineOrNone(Deed deed) throws Exception {
        var passed = new LinkedHashSet<>(
                lab().stepsOf(MachineLab.envelope(prepared(deed).command())));
        passed.retainAll(DEADLY);
        assertThat(passed).isNotEmpty();
        for (var fatal : passed) {
            var given = prepared(deed);
            var envelope = MachineLab.envelope(given.command());

            assertThat(lab().diesDoing(envelope, fatal::equals)).as("%s", fatal).isTrue();
            var end = lab().does(envelope);

            assertThat(end.status()).as("%s: %s", fatal, end).isEqualTo(OperationStatus.SUCCEEDED);
            assertRight(deed, given.about(), fatal);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SNAPSHOT", "FORK_OF_AN_INSTANCE"})
    void aMachineThatWasLeftStandingStillGoesOnWhenTheCommandIsCancelled(Deed deed) throws Exception {
        for (var fatal : List.of(Step.MACHINE_PAUSED, Step.MACHINE_SAVED)) {
            var given = prepared(deed);
            var paused = deed == Deed.FORK_OF_AN_INSTANCE ? source() : given.about();
            var envelope = MachineLab.envelope(given.command());
            assertThat(lab().diesDoing(envelope, fatal::equals)).as("%s", fatal).isTrue();
            lab().cancel(envelope);

            var end = lab().does(envelope);

            assertThat(end.status()).as("%s: %s", fatal, end).isEqualTo(OperationStatus.CANCELLED);
            assertGoesOn(paused);
            assertThat(lab().instance(paused).state()).isEqualTo(InstanceState.RUNNING);
            if (deed == Deed.FORK_OF_AN_INSTANCE) {
                assertThat(lab().processes(given.about())).isZero();
            } else {
                delete(given.about());
            }
            assertThat(lab().store().staging().entries()).as("%s", fatal).isEmpty();
        }
    }

    /** That is done too soon to be cancelled, but may fail for good. */
    @Test
    void aMachineThatCannotBePutToSleepGoesOn() throws Exception {
        var given = prepared(Deed.STANDBY);

        var end = lab().failsDoing(MachineLab.envelope(given.command()), Step.MACHINE_SAVED);

        assertThat(end.status()).as("%s", end).isEqualTo(OperationStatus.FAILED);
        assertGoesOn(given.about());
        assertThat(lab().instance(given.about()).state()).isEqualTo(InstanceState.RUNNING);
        delete(given.about());
    }

    private record Given(InstanceId about, Command command) {}

    private Given prepared(Deed deed) throws Exception {
        var about = MachineLab.newInstance();
        var name = "i" + about.value().substring(0, 12);
        if (deed.before != null) {
            ok(new Command.ForkSnapshot(captured(), about, name, TargetState.RUNNING, null));
            if (deed.before == InstanceState.STOPPED) {
                ok(new Command.StopInstance(about));
            }
        }
        var own = MachineLab.newSnapshot();
        if (deed == Deed.RESTORE_IN_PLACE) {
            ok(snapshot(own, about));
        }
        if (deed.before == InstanceState.STANDBY) {
            ok(new Command.StandbyInstance(about, null, null));
        }
        return new Given(
                about,
                switch (deed) {
                    case SNAPSHOT -> snapshot(own, about);
                    case FORK -> new Command.ForkSnapshot(captured(), about, name, TargetState.RUNNING, null);
                    case FORK_COMPRESSED -> new Command.ForkSnapshot(compressed, about, name, null, null);
                    case FORK_OF_AN_INSTANCE -> new Command.ForkInstance(source(), about, name, true, null, null);
                    case STANDBY -> new Command.StandbyInstance(about, null, null);
                    case RESTORE -> new Command.RestoreInstance(about);
                    case RESTORE_IN_PLACE -> new Command.RestoreSnapshot(about, own, TargetState.RUNNING, null);
                    case STOP -> new Command.StopInstance(about);
                    case START -> new Command.StartInstance(about);
                    case CREATE ->
                        new Command.CreateInstance(about, name, MachineLab.example(Hypervisor.QEMU, "128MB"));
                    case DELETE -> new Command.DeleteInstance(about);
                });
    }

    private void assertRight(Deed deed, InstanceId about, Step fatal) throws Exception {
        var runs = deed.after == InstanceState.RUNNING;
        assertThat(lab().processes(about)).as("machines after %s", fatal).isEqualTo(runs ? 1 : 0);
        assertThat(lab().processes(source())).isEqualTo(1);
        if (deed.after != null) {
            assertThat(lab().instance(about).state()).as("%s", fatal).isEqualTo(deed.after);
        }
        if (deed.after == InstanceState.STANDBY) {
            ok(new Command.RestoreInstance(about));
        }
        if (deed.after == InstanceState.STANDBY || (runs && deed != Deed.CREATE && deed != Deed.START)) {
            assertThat(lab().ask(about, "token")).as("%s", fatal).isEqualTo(token());
        }
        assertThat(lab().ask(source(), "token")).isEqualTo(token());
        if (deed.after != null) {
            ok(new Command.DeleteInstance(about));
        }
        assertThat(lab().processes(about)).isZero();
        assertThat(lab().store().staging().entries()).as("%s", fatal).isEmpty();
        assertThat(lab().store().trash().entries()).as("%s", fatal).isEmpty();
    }
}
