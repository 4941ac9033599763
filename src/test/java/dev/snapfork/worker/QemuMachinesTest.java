package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.IdentityWish;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.RefusalCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What becomes of machines of real QEMU, as a PC, beside being forked. */
class QemuMachinesTest extends ForkedMachines {
    @Override
    Hypervisor hypervisor() {
        return Hypervisor.QEMU;
    }

    @Override
    Hypervisor other() {
        return Hypervisor.QEMU_MICROVM;
    }

    @Test
    void forksAreMachinesOfTheirOwn() throws Exception {
        var id = MachineLab.newInstance();
        var first = ok(new Command.ForkSnapshot(captured(), id, name(id), null, null));
        var other = fork(captured());

        assertThat(identity(first).reset()).contains("mac", "hostname", "instance_id", "entropy", "clock");
        assertThat(identity(first).notReset()).isEmpty();
        assertThat(lab().ask(id, "hostname")).isEqualTo(name(id));
        assertThat(lab().ask(other, "hostname")).isEqualTo(name(other));
        assertThat(lab().ask(id, "machine")).isEqualTo(id.value());
        for (var question : List.of("mac", "rand", "hostname", "machine")) {
            assertThat(lab().ask(id, question)).as(question).isNotEqualTo(lab().ask(other, question));
        }
        assertThat(Objects.requireNonNull(lab().instance(id).network()).mac()).isEqualTo(lab().ask(id, "mac"));
        delete(id, other);
    }

    @Test
    void sixForksShareTheMemoryThatTheyDoNotChange() throws Exception {
        var forks = new ArrayList<InstanceId>();
        for (var i = 0; i < 6; i++) {
            forks.add(fork(captured()));
        }
        for (var id : forks) {
            assertGoesOn(id);
        }

        for (var id : forks) {
            var pid = lab().machine(id).pid();
            assertThat(rollup(pid, "Pss:") * 10).as("of %s", id).isLessThan(rollup(pid, "Rss:") * 8);
        }
        delete(forks.toArray(InstanceId[]::new));
    }

    private static long rollup(long pid, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMachineOutlivesTheSnapshotThatItCameFromAndTheCompressionOfIt() throws Exception {
        var id = MachineLab.newSnapshot();
        ok(snapshot(id, source()));
        var fork = fork(id);

        ok(new Command.CompressSnapshot(id, CompressionConfig.of(CompressionAlgorithm.LZ4, 0)));
        assertGoesOn(fork);
        ok(new Command.DeleteSnapshot(id));

        assertThat(lab().ask(fork, "dirty 8")).isNotNull();
        assertGoesOn(fork);
        delete(fork);
    }

    @Test
    void aSnapshotOutlivesItsSource() throws Exception {
        var brief = fork(captured());
        lab().ask(brief, "set who gone");
        var id = MachineLab.newSnapshot();
        ok(snapshot(id, brief));
        delete(brief);

        var fork = fork(id);

        assertThat(lab().ask(fork, "get who")).isEqualTo("gone");
        delete(fork);
        ok(new Command.DeleteSnapshot(id));
    }

    @Test
    void aMachineRunsOnWhileTheServiceIsRestartedAndOneThatDiedIsStopped() throws Exception {
        var kept = fork(captured());
        var killed = fork(captured());
        var pid = lab().machine(kept).pid();

        lab().restart();
        lab().reconcile();
        lab().watch().look();
        assertThat(lab().machine(kept).pid()).isEqualTo(pid);
        assertGoesOn(kept);
        lab().kill(killed);
        lab().watch().look();
        lab().watch().look();

        assertThat(lab().instance(killed).state()).isEqualTo(InstanceState.STOPPED);
        assertThat(lab().instance(killed).stateError()).contains("process is gone");
        assertThat(lab().instance(kept).state()).isEqualTo(InstanceState.RUNNING);
        ok(new Command.StartInstance(killed));
        assertThat(lab().instance(killed).stateError()).isNull();
        delete(kept, killed);
    }

    @Test
    void aForkThatMustBeOneOfItsOwnDoesNotRunWithoutAnAgent() throws Exception {
        var mute = fork(captured());
        lab().ask(mute, "sh kill -STOP $(pidof snapfork-agent)");
        var id = MachineLab.newSnapshot();
        ok(snapshot(id, mute));
        var required = MachineLab.newInstance();
        var optional = MachineLab.newInstance();

        var refused =
                lab().does(new Command.ForkSnapshot(id, required, name(required), null, null, IdentityWish.REQUIRED));
        var ran = ok(new Command.ForkSnapshot(id, optional, name(optional), null, null));

        assertThat(refused.status()).isEqualTo(OperationStatus.REJECTED);
        assertThat(error(refused).message()).contains("no agent answered");
        assertThat(lab().processes(required)).isZero();
        assertThat(identity(ran).notReset()).containsKeys("mac", "hostname", "entropy");
        assertGoesOn(optional);
        delete(mute, optional);
        ok(new Command.DeleteSnapshot(id));
    }

    @Test
    void whatWasDamagedIsFoundBeforeAnythingIsStarted() throws Exception {
        var id = MachineLab.newSnapshot();
        ok(snapshot(id, source()));
        var memory = lab().store().snapshots().payload(id).resolve(memory(id).path());
        try (var file = FileChannel.open(memory, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 4096);
        }
        var fork = MachineLab.newInstance();

        var end = lab().does(new Command.ForkSnapshot(id, fork, name(fork), null, null));

        assertThat(error(end).code()).isEqualTo(RefusalCode.SNAPSHOT_DAMAGED);
        assertThat(lab().processes(fork)).isZero();
    }
}
