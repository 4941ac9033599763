package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds of forks on every kind of machine. */
abstract class ForkedMachines extends RealMachines {
    private static final long RAM_BYTES = 128 << 20;

    /** Where machines are taken whose disks alone go on. */
    abstract Hypervisor other();

    @Test
    void whatRanWhenItWasCapturedGoesOnInForksAndEachGoesItsOwnWay() throws Exception {
        var captured = filesOf(captured());
        var before = counter(source());

        var one = fork(captured());
        var two = fork(captured());
        lab().ask(one, "set who one");
        lab().ask(two, "set who two");
        lab().ask(source(), "set who source");
        lab().ask(one, "dwrite one");
        lab().ask(two, "dwrite two");
        lab().ask(one, "dirty 8");

        assertThat(lab().ask(one, "get who")).isEqualTo("one");
        assertThat(lab().ask(two, "get who")).isEqualTo("two");
        assertThat(lab().ask(source(), "get who")).isEqualTo("source");
        assertThat(lab().ask(one, "dread")).isEqualTo("one");
        assertThat(lab().ask(two, "dread")).isEqualTo("two");
        assertThat(lab().ask(source(), "dread")).isEqualTo("before");
        for (var machine : List.of(source(), one, two)) {
            assertGoesOn(machine);
        }
        assertThat(counter(source())).isGreaterThan(before);
        assertThat(filesOf(captured())).isEqualTo(captured);
        delete(one, two);
        assertThat(filesOf(captured())).isEqualTo(captured);
    }

    @Test
    void aForkOfAForkGoesOnToo() throws Exception {
        var fork = fork(captured());
        lab().ask(fork, "set who fork");
        var again = MachineLab.newSnapshot();
        var taken = ok(snapshot(again, fork));
        lab().ask(fork, "set who changed");

        var grandchild = fork(again);

        assertThat(taken.pauseMs()).isNotNull().isPositive();
        assertThat(memory(again).rawBytes()).isEqualTo(RAM_BYTES);
        assertThat(lab().ask(grandchild, "get who")).isEqualTo("fork");
        assertThat(lab().ask(fork, "get who")).isEqualTo("changed");
        assertGoesOn(fork);
        assertGoesOn(grandchild);
        delete(fork, grandchild);
        ok(new Command.DeleteSnapshot(again));
    }

    @Test
    void compressedMemoryGoesOnLikeRawMemory() throws Exception {
        for (var algorithm : CompressionAlgorithm.values()) {
            var id = MachineLab.newSnapshot();
            ok(snapshot(id, source()));
            ok(new Command.CompressSnapshot(id, CompressionConfig.of(algorithm, 1)));
            var captured = filesOf(id);

            var first = fork(id);
            var second = fork(id);
            var third = fork(id);

            for (var fork : List.of(first, second, third)) {
                assertGoesOn(fork);
            }
            assertThat(filesOf(id)).isEqualTo(captured);
            delete(first, second, third);
            ok(new Command.DeleteSnapshot(id));
        }
    }

    @Test
    void aStoppedForkBootsOnAnotherHypervisorAndHasWhatIsOnItsDisk() throws Exception {
        var fork = fork(captured());
        lab().ask(fork, "dwrite taken along");
        lab().ask(fork, "sync");
        ok(new Command.StopInstance(fork));
        var disks = MachineLab.newSnapshot();
        ok(new Command.CreateSnapshot(disks, fork, SnapshotKind.STOPPED, null, Map.of(), null));
        var moved = MachineLab.newInstance();

        ok(new Command.ForkSnapshot(disks, moved, name(moved), TargetState.STOPPED, other()));
        ok(new Command.StartInstance(moved));

        lab().console(moved, MachineLab.BOOT).close();
        assertThat(lab().machine(moved).profile().hypervisor()).isEqualTo(other());
        assertThat(lab().ask(moved, "dread")).isEqualTo("taken along");
        assertThat(lab().ask(moved, "token")).isNotEqualTo(token());
        delete(fork, moved);
        ok(new Command.DeleteSnapshot(disks));
    }
}
