package dev.snapfork.event;

import dev.snapfork.log.UnreadableRecordException;
import java.util.Arrays;

/** Every kind of change, with its frozen CloudEvents type. */
public enum EventType {
    SNAPSHOT_CREATED("dev.snapfork.snapshot.created.v1", Aggregate.SNAPSHOT),
    SNAPSHOT_ADOPTED("dev.snapfork.snapshot.adopted.v1", Aggregate.SNAPSHOT),
    COMPRESSION_STARTED("dev.snapfork.snapshot.compression.started.v1", Aggregate.SNAPSHOT),
    COMPRESSION_COMPLETED("dev.snapfork.snapshot.compression.completed.v1", Aggregate.SNAPSHOT),
    COMPRESSION_FAILED("dev.snapfork.snapshot.compression.failed.v1", Aggregate.SNAPSHOT),
    /** Compressing was stopped on request. */
    COMPRESSION_CANCELLED("dev.snapfork.snapshot.compression.cancelled.v1", Aggregate.SNAPSHOT),
    SNAPSHOT_DELETED("dev.snapfork.snapshot.deleted.v1", Aggregate.SNAPSHOT),
    /** The first event of the instance that the fork made. */
    SNAPSHOT_FORKED("dev.snapfork.snapshot.forked.v1", Aggregate.INSTANCE),
    /** The instance has been put back to what the snapshot holds. */
    SNAPSHOT_RESTORED("dev.snapfork.snapshot.restored.v1", Aggregate.INSTANCE),
    INSTANCE_IMPORTED("dev.snapfork.instance.imported.v1", Aggregate.INSTANCE),
    INSTANCE_ADOPTED("dev.snapfork.instance.adopted.v1", Aggregate.INSTANCE),
    INSTANCE_DELETED("dev.snapfork.instance.deleted.v1", Aggregate.INSTANCE),
    /** The snapshot's files, or its record, are not what was captured. */
    SNAPSHOT_DAMAGED("dev.snapfork.snapshot.damaged.v1", Aggregate.HEALTH),
    /** All of the snapshot's files were read and are what was captured. */
    SNAPSHOT_VERIFIED("dev.snapfork.snapshot.verified.v1", Aggregate.HEALTH),
    /** The instance's record cannot be read. */
    INSTANCE_DAMAGED("dev.snapfork.instance.damaged.v1", Aggregate.HEALTH),
    /** The instance's record can be read again. */
    INSTANCE_VERIFIED("dev.snapfork.instance.verified.v1", Aggregate.HEALTH),
    SCHEDULE_SET("dev.snapfork.schedule.set.v1", Aggregate.SCHEDULE),
    SCHEDULE_RUN_STARTED("dev.snapfork.schedule.run.started.v1", Aggregate.SCHEDULE),
    SCHEDULE_RUN_COMPLETED("dev.snapfork.schedule.run.completed.v1", Aggregate.SCHEDULE),
    SCHEDULE_RUN_FAILED("dev.snapfork.schedule.run.failed.v1", Aggregate.SCHEDULE),
    /** The instance is gone: what the schedule made is still held to its retention. */
    SCHEDULE_ORPHANED("dev.snapfork.schedule.orphaned.v1", Aggregate.SCHEDULE),
    SCHEDULE_DELETED("dev.snapfork.schedule.deleted.v1", Aggregate.SCHEDULE),
    OPERATION_SUCCEEDED("dev.snapfork.operation.succeeded.v1", Aggregate.OPERATION),
    OPERATION_REJECTED("dev.snapfork.operation.rejected.v1", Aggregate.OPERATION),
    OPERATION_FAILED("dev.snapfork.operation.failed.v1", Aggregate.OPERATION),
    OPERATION_CANCELLED("dev.snapfork.operation.cancelled.v1", Aggregate.OPERATION);

    /** Whose change it is: names the data's shape and the sequence that the event counts in. */
    public enum Aggregate {
        SNAPSHOT,
        INSTANCE,
        /** The findings about a snapshot or an instance, which have a sequence of their own. */
        HEALTH,
        SCHEDULE,
        OPERATION
    }

    private final String wireName;
    private final Aggregate aggregate;

    EventType(String wireName, Aggregate aggregate) {
        this.wireName = wireName;
        this.aggregate = aggregate;
    }

    public String wireName() {
        return wireName;
    }

    public Aggregate aggregate() {
        return aggregate;
    }

    /** @throws UnreadableRecordException if this version knows no such type */
    public static EventType parse(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new UnreadableRecordException("unknown event type " + wireName));
    }
}
