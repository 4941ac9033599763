package dev.snapfork.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Progress;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.view.ReadModelBatch.Checkpoint;
import dev.snapfork.view.ReadModelBatch.OperationChange;
import dev.snapfork.view.ReadModelBatch.SnapshotChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadModelBatchTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Operation ACCEPTED = Operation.accepted(
            new OperationId("o".repeat(24)), OperationKind.COMPRESS_SNAPSHOT, "s".repeat(24), null, NOW);
    private static final Operation RUNNING = ACCEPTED.running(NOW, new Progress(1, 2, 3));
    private static final Operation ENDED = ACCEPTED.settled(OperationStatus.SUCCEEDED, NOW, NOW, null, null);

    private static Snapshot version(long version) {
        return new Snapshot(
                new SnapshotId("s".repeat(24)),
                null,
                SnapshotKind.STANDBY,
                Map.of(),
                new InstanceId("i".repeat(24)),
                "vm",
                Hypervisor.QEMU,
                NOW,
                5,
                CompressionState.NONE,
                null,
                null,
                null,
                null,
                version);
    }

    @Test
    void theNewestVersionIsKeptInWhateverOrderTheyCome() {
        for (var seed = 0; seed < 50; seed++) {
            var versions = new ArrayList<>(IntStream.rangeClosed(1, 6).boxed().toList());
            versions.addAll(List.of(3, 6, 1));
            Collections.shuffle(versions, new Random(seed));
            var batch = new ReadModelBatch();

            for (var version : versions) {
                batch.snapshot(version(version), version == 6 ? NOW : null);
            }

            assertThat(batch.snapshots()).containsExactly(new SnapshotChange(version(6), NOW));
        }
    }

    @Test
    void anOperationNeverGoesBack() {
        for (var seed = 0; seed < 50; seed++) {
            var states = new ArrayList<>(List.of(ACCEPTED, RUNNING, ENDED, ACCEPTED, RUNNING));
            Collections.shuffle(states, new Random(seed));
            var batch = new ReadModelBatch();

            for (var state : states) {
                batch.operation(state, state.status().settled() ? version(1) : null, null);
            }

            assertThat(batch.operations()).containsExactly(new OperationChange(ENDED, version(1), null));
            assertThat(batch.settled()).containsExactly(ENDED.id().value());
            assertThat(batch.accepted()).isEmpty();
        }
    }

    @Test
    void progressIsNewerThanAcceptance() {
        var batch = new ReadModelBatch();

        batch.operation(RUNNING, null, null);
        batch.operation(ACCEPTED, null, null);

        assertThat(batch.operations()).containsExactly(new OperationChange(RUNNING, null, null));
    }

    @Test
    void theCheckpointOfAPartitionIsItsHighestAndEachHasItsOwn() {
        var batch = new ReadModelBatch();

        batch.checkpoint("t", 0, 5);
        batch.checkpoint("t", 0, 7);
        batch.checkpoint("t", 0, 6);
        batch.checkpoint("t", 1, 2);
        batch.checkpoint("u", 0, 1);

        assertThat(batch.checkpoints())
                .containsExactlyInAnyOrder(
                        new Checkpoint("t", 0, 7), new Checkpoint("t", 1, 2), new Checkpoint("u", 0, 1));
    }
}
