package dev.snapfork.event;

import dev.snapfork.health.Health;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Particulars;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A change, with the full state after it. */
public sealed interface Event {
    EventType type();

    Instant time();

    /** Whose change it is; also the record's key, so that the changes of one aggregate stay in order. */
    String aggregateId();

    /** The aggregate in whose partition it lies. */
    default String near() {
        return aggregateId();
    }

    /** The aggregate's version after the change. */
    long sequence();

    /** The command that caused it; null for what was found on disk. */
    @Nullable
    OperationId operation();

    /** A snapshot changed; after {@link EventType#SNAPSHOT_DELETED} the state is the last one. */
    record SnapshotChanged(
            EventType type, Instant time, @Nullable OperationId operation, Snapshot snapshot, Particulars particulars)
            implements Event {
        public SnapshotChanged {
            Objects.requireNonNull(snapshot, "snapshot");
        }

        /** A change with nothing to tell beside the state. */
        public SnapshotChanged(EventType type, Instant time, @Nullable OperationId operation, Snapshot snapshot) {
            this(type, time, operation, snapshot, Particulars.NONE);
        }

        @Override
        public String aggregateId() {
            return snapshot.id().value();
        }

        @Override
        public long sequence() {
            return snapshot.version();
        }
    }

    /**
     * An instance changed; after {@link EventType#INSTANCE_DELETED} the state is the last one.
     *
     * @param from the snapshot that was forked or restored
     * @param source the instance that was forked
     */
    record InstanceChanged(
            EventType type,
            Instant time,
            @Nullable OperationId operation,
            Instance instance,
            @Nullable SnapshotId from,
            @Nullable InstanceId source,
            Particulars particulars)
            implements Event {
        public InstanceChanged {
            Objects.requireNonNull(instance, "instance");
        }

        /** A change with nothing to tell beside the state. */
        public InstanceChanged(
                EventType type,
                Instant time,
                @Nullable OperationId operation,
                Instance instance,
                @Nullable SnapshotId from) {
            this(type, time, operation, instance, from, null, Particulars.NONE);
        }

        @Override
        public String aggregateId() {
            return instance.id().value();
        }

        @Override
        public long sequence() {
            return instance.version();
        }
    }

    /** A snapshot schedule changed; after {@link EventType#SCHEDULE_DELETED} the state is the last one. */
    record ScheduleChanged(
            EventType type, Instant time, @Nullable OperationId operation, SnapshotSchedule schedule) implements Event {
        public ScheduleChanged {
            Objects.requireNonNull(schedule, "schedule");
        }

        @Override
        public String aggregateId() {
            return schedule.id().value();
        }

        @Override
        public long sequence() {
            return schedule.version();
        }
    }

    /**
     * Somebody looked at the files of a snapshot or the record of an instance.
     *
     * @param operation the command that came across it
     */
    record HealthFound(@Nullable OperationId operation, Health health) implements Event {
        private static final String SUFFIX = "/health";

        public HealthFound {
            Objects.requireNonNull(health, "health");
        }

        /** The aggregate of the findings about a snapshot or an instance. */
        public static String aggregateOf(String id) {
            return id + SUFFIX;
        }

        /** What the findings of that aggregate are about; empty if it is no aggregate of findings. */
        public static Optional<String> subjectOf(String aggregate) {
            return aggregate.endsWith(SUFFIX)
                    ? Optional.of(aggregate.substring(0, aggregate.length() - SUFFIX.length()))
                    : Optional.empty();
        }

        @Override
        public EventType type() {
            return switch (health.subject()) {
                case SNAPSHOT -> health.isDamaged() ? EventType.SNAPSHOT_DAMAGED : EventType.SNAPSHOT_VERIFIED;
                case INSTANCE -> health.isDamaged() ? EventType.INSTANCE_DAMAGED : EventType.INSTANCE_VERIFIED;
            };
        }

        @Override
        public Instant time() {
            return health.checkedAt();
        }

        @Override
        public String aggregateId() {
            return aggregateOf(health.id());
        }

        @Override
        public String near() {
            return health.id();
        }

        @Override
        public long sequence() {
            return health.version();
        }
    }

    /**
     * An operation reached its final state. It stands behind its aggregate's event in the same partition, so whoever has read
     * it has read the change.
     *
     * @param near id of the aggregate that the command was about
     * @param snapshot what the command made or changed, as it was when the command settled
     * @param instance likewise
     * @param schedule likewise
     */
    record OperationSettled(
            Instant time,
            Operation outcome,
            String near,
            @Nullable Snapshot snapshot,
            @Nullable Instance instance,
            @Nullable SnapshotSchedule schedule)
            implements Event {
        public OperationSettled {
            Objects.requireNonNull(outcome, "operation");
        }

        /** The end of a command that is about no schedule. */
        public OperationSettled(
                Instant time,
                Operation outcome,
                String near,
                @Nullable Snapshot snapshot,
                @Nullable Instance instance) {
            this(time, outcome, near, snapshot, instance, null);
        }

        @Override
        public EventType type() {
            return switch (outcome.status()) {
                case SUCCEEDED -> EventType.OPERATION_SUCCEEDED;
                case REJECTED -> EventType.OPERATION_REJECTED;
                case FAILED -> EventType.OPERATION_FAILED;
                case CANCELLED -> EventType.OPERATION_CANCELLED;
                case ACCEPTED, RUNNING -> throw new IllegalStateException("not settled: " + outcome.status());
            };
        }

        @Override
        public String aggregateId() {
            return outcome.id().value();
        }

        @Override
        public long sequence() {
            return 1;
        }

        @Override
        public OperationId operation() {
            return outcome.id();
        }

        public boolean succeeded() {
            return outcome.status() == OperationStatus.SUCCEEDED;
        }
    }
}
