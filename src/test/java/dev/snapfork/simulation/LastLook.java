package dev.snapfork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventType;
import dev.snapfork.log.Topics;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.RefusalCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What must be true when everything has settled and been put in order. */
final class LastLook {
    private final Simulation simulation;

    LastLook(Simulation simulation) {
        this.simulation = simulation;
    }

    void assertAllIsWell() {
        try {
            simulation.disk.assertInOrder();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(simulation.unsettled()).as("not settled").isEmpty();
        assertThat(simulation.ledger.owners()).as("owners of names").isEqualTo(simulation.disk.named());
        assertTheViewTellsWhatIsThere();
        assertACompactedLogTellsTheSame();
        simulation.commands.values().forEach(this::assertItsEndIsTrue);
    }

    private void assertTheViewTellsWhatIsThere() {
        var rows = simulation.readModel.rows();
        var snapshots = new LinkedHashMap<String, String>();
        rows.snapshots().forEach((id, row) -> {
            if (row.deletedAt() == null) {
                snapshots.put(id, row.body().toString());
            }
        });
        var instances = new LinkedHashMap<String, String>();
        rows.instances().forEach((id, row) -> {
            if (row.deletedAt() == null) {
                instances.put(id, row.body().toString());
            }
        });
        var present = new LinkedHashMap<String, String>();
        simulation
                .disk
                .snapshots()
                .forEach((id, manifest) -> present.put(id, manifest.snapshot().toString()));
        assertThat(snapshots).isEqualTo(present);
        present.clear();
        simulation
                .disk
                .instances()
                .forEach((id, manifest) -> present.put(id, manifest.instance().toString()));
        assertThat(instances).isEqualTo(present);
    }

    /** After compaction the log has each aggregate's last record, and nothing of those that are gone. */
    private void assertACompactedLogTellsTheSame() {
        var last = new LinkedHashMap<String, ConsumerRecord<String, byte[]>>();
        for (var record : simulation.log.all(Topics.EVENTS)) {
            last.put(record.key(), record);
        }
        var replay = new Replay();
        last.values().forEach(replay::read);
        var rows = simulation.readModel.rows();
        var live = new TreeSet<String>();
        rows.snapshots().forEach((id, row) -> {
            if (row.deletedAt() == null) {
                live.add(id);
            }
        });
        var kept = new ArrayList<String>();
        replay.rows().snapshots().forEach((id, row) -> {
            if (row.deletedAt() == null) {
                kept.add(id);
                assertThat(row)
                        .as("after compaction")
                        .isEqualTo(rows.snapshots().get(id));
            }
        });
        assertThat(kept).as("after compaction").containsExactlyInAnyOrderElementsOf(live);
    }

    private void assertItsEndIsTrue(CommandEnvelope envelope) {
        var end = simulation
                .ledger
                .end(envelope.id())
                .map(Event.OperationSettled::outcome)
                .orElseThrow();
        var causes = simulation.history.causedBy(envelope.id());
        var changes = changes(envelope.command());
        switch (end.status()) {
            case SUCCEEDED -> {
                if (!(envelope.command() instanceof Command.CompressSnapshot)) {
                    assertThat(causes).as("%s", end).contains(changes);
                }
            }
            case REJECTED, CANCELLED -> {
                // that the snapshot is gone may be found by an attempt after the one that compressed it
                if (end.error() == null || end.error().code() != RefusalCode.NOT_FOUND) {
                    assertThat(causes).as("%s", end).doesNotContain(changes);
                }
                var made = made(envelope.command());
                if (made != null) {
                    assertThat(simulation.history.knows(made) || simulation.disk.isVisible(made))
                            .as("%s", end)
                            .isFalse();
                }
            }
            // the disk did not confirm what may have been done all the same
            case FAILED -> {}
            case ACCEPTED, RUNNING -> throw new AssertionError("not settled: " + end);
        }
        if (simulation.ledger.withdrawn().contains(envelope.id())) {
            assertThat(end.status()).as("%s", end).isEqualTo(OperationStatus.CANCELLED);
            assertThat(end.startedAt()).as("%s", end).isNull();
        }
    }

    /** What the command does to the aggregate that it is about. */
    private static EventType changes(Command command) {
        return switch (command) {
            case Command.CreateSnapshot c -> EventType.SNAPSHOT_CREATED;
            case Command.ForkSnapshot c -> EventType.SNAPSHOT_FORKED;
            case Command.ImportInstance c -> EventType.INSTANCE_IMPORTED;
            case Command.RestoreSnapshot c -> EventType.SNAPSHOT_RESTORED;
            case Command.CompressSnapshot c -> EventType.COMPRESSION_COMPLETED;
            case Command.VerifySnapshot c -> EventType.SNAPSHOT_VERIFIED;
            case Command.DeleteSnapshot c -> EventType.SNAPSHOT_DELETED;
            case Command.DeleteInstance c -> EventType.INSTANCE_DELETED;
            case Command.SetSchedule c -> EventType.SCHEDULE_SET;
            case Command.DeleteSchedule c -> EventType.SCHEDULE_DELETED;
            case Command.RunSchedule c -> EventType.SCHEDULE_RUN_COMPLETED;
            case Command.CreateInstance c -> EventType.INSTANCE_CREATED;
            case Command.StartInstance c -> EventType.INSTANCE_STARTED;
            case Command.StopInstance c -> EventType.INSTANCE_STOPPED;
            case Command.StandbyInstance c -> EventType.INSTANCE_STANDBY;
            case Command.RestoreInstance c -> EventType.INSTANCE_RESTORED;
            case Command.ForkInstance c -> EventType.INSTANCE_FORKED;
            case Command.CompressStandby c -> EventType.INSTANCE_COMPRESSED;
        };
    }

    private static @Nullable String made(Command command) {
        return switch (command) {
            case Command.CreateSnapshot c -> c.snapshot().value();
            case Command.ForkSnapshot c -> c.instance().value();
            case Command.ImportInstance c -> c.instance().value();
            case Command.RestoreSnapshot c -> null;
            case Command.CompressSnapshot c -> null;
            case Command.VerifySnapshot c -> null;
            case Command.DeleteSnapshot c -> null;
            case Command.DeleteInstance c -> null;
            case Command.SetSchedule c -> null;
            case Command.DeleteSchedule c -> null;
            case Command.RunSchedule c -> c.snapshot().value();
            case Command.CreateInstance c -> c.instance().value();
            case Command.StartInstance c -> null;
            case Command.StopInstance c -> null;
            case Command.StandbyInstance c -> null;
            case Command.RestoreInstance c -> null;
            case Command.ForkInstance c -> c.instance().value();
            case Command.CompressStandby c -> null;
        };
    }
}
