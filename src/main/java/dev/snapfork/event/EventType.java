package dev.snapfork.event;

import dev.snapfork.log.UnreadableRecordException;
import java.util.Arrays;
import java.util.List;

/** Every kind of change, with its frozen CloudEvents type. */
public enum EventType {
    SNAPSHOT_CREATED("dev.snapfork.snapshot.created.v1", Aggregate.SNAPSHOT, "A snapshot was taken", Touched.ALL),
    SNAPSHOT_ADOPTED(
            "dev.snapfork.snapshot.adopted.v1",
            Aggregate.SNAPSHOT,
            "A snapshot that lay in the payload store is in the catalogue now",
            Touched.ALL),
    COMPRESSION_STARTED(
            "dev.snapfork.snapshot.compression.started.v1",
            Aggregate.SNAPSHOT,
            "Compressing of the memory has begun",
            Touched.COMPRESSION),
    COMPRESSION_COMPLETED(
            "dev.snapfork.snapshot.compression.completed.v1",
            Aggregate.SNAPSHOT,
            "The memory is compressed, and was read back",
            Touched.COMPRESSION),
    COMPRESSION_FAILED(
            "dev.snapfork.snapshot.compression.failed.v1",
            Aggregate.SNAPSHOT,
            "Compressing was given up; the memory is as it was",
            Touched.COMPRESSION),
    COMPRESSION_CANCELLED(
            "dev.snapfork.snapshot.compression.cancelled.v1",
            Aggregate.SNAPSHOT,
            "Compressing was stopped on request; the memory is as it was",
            Touched.COMPRESSION),
    SNAPSHOT_DELETED(
            "dev.snapfork.snapshot.deleted.v1",
            Aggregate.SNAPSHOT,
            "The snapshot is gone; the state is its last one",
            Touched.NOTHING),
    SNAPSHOT_FORKED(
            "dev.snapfork.snapshot.forked.v1",
            Aggregate.INSTANCE,
            "A snapshot was forked: the first event of the instance that the fork made",
            Touched.ALL),
    SNAPSHOT_RESTORED(
            "dev.snapfork.snapshot.restored.v1",
            Aggregate.INSTANCE,
            "The instance was put back to what the snapshot holds",
            Touched.MACHINE),
    INSTANCE_IMPORTED(
            "dev.snapfork.instance.imported.v1", Aggregate.INSTANCE, "A directory became an instance", Touched.ALL),
    INSTANCE_ADOPTED(
            "dev.snapfork.instance.adopted.v1",
            Aggregate.INSTANCE,
            "An instance that lay in the payload store is in the catalogue now",
            Touched.ALL),
    INSTANCE_CREATED(
            "dev.snapfork.instance.created.v1",
            Aggregate.INSTANCE,
            "An instance was made of an image, and booted",
            Touched.ALL),
    INSTANCE_STARTED(
            "dev.snapfork.instance.started.v1",
            Aggregate.INSTANCE,
            "The instance was booted from its disks",
            Touched.RUN_OF_MACHINE),
    INSTANCE_STOPPED(
            "dev.snapfork.instance.stopped.v1",
            Aggregate.INSTANCE,
            "The instance was shut down, or its power was cut",
            Touched.RUN_OF_MACHINE),
    INSTANCE_STANDBY(
            "dev.snapfork.instance.standby.v1",
            Aggregate.INSTANCE,
            "The memory went to the disk; no process is left",
            Touched.RUN_OF_MACHINE),
    INSTANCE_RESTORED(
            "dev.snapfork.instance.restored.v1",
            Aggregate.INSTANCE,
            "The instance goes on from standby",
            Touched.RUN_OF_MACHINE),
    INSTANCE_FORKED(
            "dev.snapfork.instance.forked.v1",
            Aggregate.INSTANCE,
            "An instance was forked: the first event of the instance that the fork made",
            Touched.ALL),
    INSTANCE_COMPRESSED(
            "dev.snapfork.instance.compressed.v1",
            Aggregate.INSTANCE,
            "The memory that it has in standby is compressed now",
            Touched.RUN_OF_MACHINE),
    INSTANCE_IDENTIFIED(
            "dev.snapfork.instance.identified.v1",
            Aggregate.INSTANCE,
            "A fork that had been in standby was told who it is",
            Touched.RUN_OF_MACHINE),
    INSTANCE_DIED(
            "dev.snapfork.instance.died.v1",
            Aggregate.INSTANCE,
            "Its machine ended although nobody had asked for it",
            Touched.RUN_OF_MACHINE),
    INSTANCE_DELETED(
            "dev.snapfork.instance.deleted.v1",
            Aggregate.INSTANCE,
            "The instance is gone; the state is its last one",
            Touched.NOTHING),
    SNAPSHOT_DAMAGED(
            "dev.snapfork.snapshot.damaged.v1",
            Aggregate.HEALTH,
            "The snapshot's files, or its record, are not what was captured",
            Touched.FINDING),
    SNAPSHOT_VERIFIED(
            "dev.snapfork.snapshot.verified.v1",
            Aggregate.HEALTH,
            "All of the snapshot's files were read and are what was captured",
            Touched.FINDING),
    INSTANCE_DAMAGED(
            "dev.snapfork.instance.damaged.v1",
            Aggregate.HEALTH,
            "The instance's record cannot be read",
            Touched.FINDING),
    INSTANCE_VERIFIED(
            "dev.snapfork.instance.verified.v1",
            Aggregate.HEALTH,
            "The instance's record can be read again",
            Touched.FINDING),
    SCHEDULE_SET(
            "dev.snapfork.schedule.set.v1",
            Aggregate.SCHEDULE,
            "A snapshot schedule was set, or changed",
            Touched.PLAN),
    SCHEDULE_RUN_STARTED(
            "dev.snapfork.schedule.run.started.v1", Aggregate.SCHEDULE, "A run of the schedule has begun", Touched.RUN),
    SCHEDULE_RUN_COMPLETED(
            "dev.snapfork.schedule.run.completed.v1",
            Aggregate.SCHEDULE,
            "A run of the schedule has taken its snapshot",
            Touched.RUN),
    SCHEDULE_RUN_FAILED(
            "dev.snapfork.schedule.run.failed.v1",
            Aggregate.SCHEDULE,
            "A run of the schedule has taken no snapshot",
            Touched.RUN),
    SCHEDULE_ORPHANED(
            "dev.snapfork.schedule.orphaned.v1",
            Aggregate.SCHEDULE,
            "The instance is gone: what the schedule made is still held to its retention",
            Touched.RUN),
    SCHEDULE_DELETED(
            "dev.snapfork.schedule.deleted.v1",
            Aggregate.SCHEDULE,
            "The schedule is gone; the state is its last one",
            Touched.NOTHING),
    OPERATION_SUCCEEDED("dev.snapfork.operation.succeeded.v1", Aggregate.OPERATION, "A command was done", Touched.ALL),
    OPERATION_REJECTED(
            "dev.snapfork.operation.rejected.v1",
            Aggregate.OPERATION,
            "A command was refused for the state that things were in",
            Touched.ALL),
    OPERATION_FAILED("dev.snapfork.operation.failed.v1", Aggregate.OPERATION, "A command was given up", Touched.ALL),
    OPERATION_CANCELLED(
            "dev.snapfork.operation.cancelled.v1",
            Aggregate.OPERATION,
            "A command was stopped on request",
            Touched.ALL);

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
    private final String summary;
    private final Touched touched;

    EventType(String wireName, Aggregate aggregate, String summary, Touched touched) {
        this.wireName = wireName;
        this.aggregate = aggregate;
        this.summary = summary;
        this.touched = touched;
    }

    public String wireName() {
        return wireName;
    }

    public Aggregate aggregate() {
        return aggregate;
    }

    /** What has happened, in a sentence without its full stop. */
    public String summary() {
        return summary;
    }

    /**
     * The names of what such a change may alter in the state, beside its version: what differs from the state before is among them.
     * Empty for the first and the last event of an aggregate, and for operations, which have one event.
     */
    public List<String> changed() {
        return touched.names();
    }

    /** @throws UnreadableRecordException if this version knows no such type */
    public static EventType parse(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new UnreadableRecordException("unknown event type " + wireName));
    }
}
