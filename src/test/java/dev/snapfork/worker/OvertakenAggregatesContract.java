package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.log.Topics;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.view.ReadModelBatch;
import dev.snapfork.view.ReadModelWriter;
import dev.snapfork.worker.OvertakenAggregates.Kind;
import dev.snapfork.worker.OvertakenAggregates.Overtaken;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the projection notes of late records, and a worker reads. */
abstract class OvertakenAggregatesContract {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String ID = "s".repeat(24);

    abstract ReadModelWriter readModel();

    abstract OvertakenAggregates overtaken();

    private static Snapshot version(long version) {
        return new Snapshot(
                new SnapshotId(ID),
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

    private static void add(ReadModelBatch batch, long offset, long version, @Nullable Instant deletedAt) {
        batch.snapshot(version(version), deletedAt);
        batch.told(ID, version, Topics.EVENTS, 0, offset);
        batch.checkpoint(Topics.EVENTS, 0, offset + 1);
    }

    /** Records in one batch, the first at that offset. */
    private void read(long offset, long... versions) {
        var batch = new ReadModelBatch();
        for (var i = 0; i < versions.length; i++) {
            add(batch, offset + i, versions[i], null);
        }
        done(readModel().apply(batch));
    }

    private static void done(Uni<?> something) {
        something.await().atMost(LIMIT);
    }

    @Test
    void anOlderVersionBehindANewerOneIsNoted() {
        read(0, 1, 2);

        read(2, 1);

        assertThat(overtaken().after("")).containsExactly(new Overtaken(ID, Kind.SNAPSHOT, ID, 2));
        assertThat(overtaken().after(ID)).isEmpty();
    }

    @Test
    void itIsNotedInOneBatchAsWell() {
        read(0, 1, 2, 1);

        assertThat(overtaken().after("")).containsExactly(new Overtaken(ID, Kind.SNAPSHOT, ID, 2));
    }

    @Test
    void whatComesInOrderOrTwiceIsNotNoted() {
        read(0, 1, 1, 2);
        read(3, 2);
        read(4, 3, 2, 3);

        assertThat(overtaken().after("")).isEmpty();
    }

    @Test
    void whatIsReadOnceMoreIsNotNoted() {
        read(0, 1);
        read(1, 2, 3);
        done(readModel().askForRebuild());

        read(0, 1);
        read(1, 2);

        assertThat(overtaken().after("")).isEmpty();
    }

    @Test
    void whatComesLateDuringARebuildIsNoted() {
        read(0, 1, 2);
        done(readModel().askForRebuild());
        read(0, 1, 2);

        read(2, 1);

        assertThat(overtaken().after("")).containsExactly(new Overtaken(ID, Kind.SNAPSHOT, ID, 2));
    }

    @Test
    void whatWasDeletedIsShownAsSuch() {
        read(0, 1);
        var batch = new ReadModelBatch();
        add(batch, 1, 2, NOW);
        done(readModel().apply(batch));

        read(2, 1);

        assertThat(overtaken().after("")).containsExactly(new Overtaken(ID, Kind.DELETED, ID, 2));
    }

    @Test
    void whatWasToldAgainIsNotedNoMore() {
        read(0, 2, 1);

        overtaken().toldAgain(overtaken().after("").getFirst());

        // nor when the batch comes once more, as its answer was lost
        read(0, 2, 1);
        assertThat(overtaken().after("")).isEmpty();
    }

    @Test
    void whatCameLateWhileItWasToldStaysNoted() {
        read(0, 2, 1);
        var before = overtaken().after("").getFirst();
        read(2, 1);

        overtaken().toldAgain(before);

        assertThat(overtaken().after("")).containsExactly(new Overtaken(ID, Kind.SNAPSHOT, ID, 2));
    }
}
