package dev.snapfork.view;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.snapfork.deadletter.DeadLetter;
import dev.snapfork.deadletter.LetterRecord;
import dev.snapfork.health.Health;
import dev.snapfork.instance.Instance;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.Cadence;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a batch of records says of the read model's rows; of each row the newest state is kept. Not thread-safe. */
public final class ReadModelBatch {
    record SnapshotChange(Snapshot body, @Nullable Instant deletedAt) {}

    record InstanceChange(Instance body, @Nullable Instant deletedAt) {}

    record ScheduleChange(
            SnapshotSchedule body,
            Instant plausibleFrom,
            @Nullable Instant deletedAt) {}

    record OperationChange(
            Operation body,
            @Nullable Snapshot snapshot,
            @Nullable Instance instance,
            @Nullable SnapshotSchedule schedule) {
        OperationChange(Operation body, @Nullable Snapshot snapshot, @Nullable Instance instance) {
            this(body, snapshot, instance, null);
        }

        private OperationChange knownAs(OperationChange other) {
            return new OperationChange(body.knownAs(other.body), snapshot, instance, schedule);
        }
    }

    /** What is said of one dead letter, in whatever order; what is not said is null. */
    record LetterChange(
            String id,
            @Nullable String topic,
            @Nullable String operation,
            @Nullable Instant diedAt,
            @Nullable DeadLetter envelope,
            DeadLetter.@Nullable Content content,
            int retries,
            @Nullable Instant retriedAt,
            @Nullable String retryOperation,
            @Nullable Instant discardedAt) {
        static LetterChange of(LetterRecord record) {
            return switch (record) {
                case LetterRecord.Buried(var letter) ->
                    new LetterChange(
                            letter.id(),
                            letter.topic(),
                            letter.operationId(),
                            letter.diedAt(),
                            letter.withoutContent(),
                            letter.content(),
                            0,
                            null,
                            null,
                            null);
                case LetterRecord.Retried(var id, var attempt, var operation, var at) ->
                    new LetterChange(id, null, null, null, null, null, attempt, at, operation, null);
                case LetterRecord.Discarded(var id, var at) ->
                    new LetterChange(id, null, null, null, null, null, 0, null, null, at);
            };
        }

        /** Of two that bury it the first counts, of two retries the later attempt. */
        LetterChange and(LetterChange other) {
            var buried = envelope != null ? this : other;
            var retried = retries > other.retries ? this : other;
            return new LetterChange(
                    id,
                    buried.topic,
                    buried.operation,
                    buried.diedAt,
                    buried.envelope,
                    buried.content,
                    retried.retries,
                    retried.retriedAt,
                    retried.retryOperation,
                    discardedAt != null ? discardedAt : other.discardedAt);
        }
    }

    /** An event that a snapshot's history tells. */
    record HistoryEntry(
            String id,
            String snapshotId,
            Instant time,
            @JsonRawValue String event) {}

    /** Records of the partition before this offset are in the batch, or were in an earlier one. */
    record Checkpoint(String topic, int partition, long nextOffset) {}

    /** The last record of an aggregate in the batch, and the newest version that the batch has of it. */
    record Told(String id, long version, long newest, String topic, int partition, long at) {
        private Told before(Told next) {
            return new Told(id, next.version, Math.max(newest, next.newest), topic, partition, next.at);
        }
    }

    private record TopicPartition(String topic, int partition) {}

    private final Map<String, SnapshotChange> snapshots = new LinkedHashMap<>();
    private final Map<String, InstanceChange> instances = new LinkedHashMap<>();
    private final Map<String, ScheduleChange> schedules = new LinkedHashMap<>();
    private final Map<String, OperationChange> operations = new LinkedHashMap<>();
    private final Map<String, Health> findings = new LinkedHashMap<>();
    private final Map<String, LetterChange> letters = new LinkedHashMap<>();
    private final Map<TopicPartition, Checkpoint> checkpoints = new LinkedHashMap<>();
    private final Map<String, Told> told = new LinkedHashMap<>();
    private final Map<String, HistoryEntry> history = new LinkedHashMap<>();

    /** @param deletedAt when the snapshot was deleted; null while it is there */
    public void snapshot(Snapshot state, @Nullable Instant deletedAt) {
        snapshots.merge(
                state.id().value(),
                new SnapshotChange(state, deletedAt),
                (old, now) -> now.body().version() > old.body().version() ? now : old);
    }

    /** @param deletedAt when the instance was deleted; null while it is there */
    public void instance(Instance state, @Nullable Instant deletedAt) {
        instances.merge(
                state.id().value(),
                new InstanceChange(state, deletedAt),
                (old, now) -> now.body().version() > old.body().version() ? now : old);
    }

    /** @param deletedAt when the schedule was deleted; null while it is there */
    public void schedule(SnapshotSchedule state, @Nullable Instant deletedAt) {
        var plausibleFrom =
                Cadence.plausibleFrom(state.nextRunAt(), state.interval().value());
        schedules.merge(
                state.id().value(),
                new ScheduleChange(state, plausibleFrom, deletedAt),
                (old, now) -> now.body().version() > old.body().version() ? now : old);
    }

    /** As {@link #operation(Operation, Snapshot, Instance, SnapshotSchedule)}, of an operation that is about no schedule. */
    public void operation(Operation state, @Nullable Snapshot snapshot, @Nullable Instance instance) {
        operation(state, snapshot, instance, null);
    }

    /**
     * An operation got further: accepted, then running, then settled; what comes late is passed over.
     *
     * @param snapshot what it made, once it has settled
     * @param instance likewise
     * @param schedule likewise
     */
    public void operation(
            Operation state,
            @Nullable Snapshot snapshot,
            @Nullable Instance instance,
            @Nullable SnapshotSchedule schedule) {
        operations.merge(
                state.id().value(),
                new OperationChange(state, snapshot, instance, schedule),
                (old, now) -> old.body().status().settled() || now.body().status() == OperationStatus.ACCEPTED
                        ? old.knownAs(now)
                        : now.knownAs(old));
    }

    /** What was found out about a snapshot or an instance. */
    public void finding(Health state) {
        findings.merge(state.id(), state, (old, now) -> now.version() > old.version() ? now : old);
    }

    /** What is said of a dead letter. */
    public void letter(LetterRecord record) {
        var change = LetterChange.of(record);
        letters.merge(change.id(), change, LetterChange::and);
    }

    /**
     * An event that is part of a snapshot's history.
     *
     * @param id the event's
     * @param event as JSON
     */
    public void history(String id, String snapshotId, Instant time, String event) {
        history.putIfAbsent(id, new HistoryEntry(id, snapshotId, time, event));
    }

    /**
     * Says which record told of an aggregate's version, so that it is noted if a newer one stands before it. All records of an
     * aggregate lie in one partition, and come in the order in which they lie there.
     */
    public void told(String aggregate, long version, String topic, int partition, long offset) {
        told.merge(aggregate, new Told(aggregate, version, version, topic, partition, offset), Told::before);
    }

    public void checkpoint(String topic, int partition, long nextOffset) {
        checkpoints.merge(
                new TopicPartition(topic, partition),
                new Checkpoint(topic, partition, nextOffset),
                (old, now) -> now.nextOffset() > old.nextOffset() ? now : old);
    }

    Collection<SnapshotChange> snapshots() {
        return snapshots.values();
    }

    Collection<InstanceChange> instances() {
        return instances.values();
    }

    Collection<ScheduleChange> schedules() {
        return schedules.values();
    }

    Collection<OperationChange> operations() {
        return operations.values();
    }

    Collection<Health> findings() {
        return findings.values();
    }

    Collection<LetterChange> letters() {
        return letters.values();
    }

    Collection<Checkpoint> checkpoints() {
        return checkpoints.values();
    }

    Collection<Told> told() {
        return told.values();
    }

    Collection<HistoryEntry> history() {
        return history.values();
    }

    List<String> accepted() {
        return idsOf(status -> status == OperationStatus.ACCEPTED);
    }

    List<String> settled() {
        return idsOf(OperationStatus::settled);
    }

    private List<String> idsOf(Predicate<OperationStatus> wanted) {
        return operations.values().stream()
                .map(OperationChange::body)
                .filter(operation -> wanted.test(operation.status()))
                .map(operation -> operation.id().value())
                .toList();
    }
}
