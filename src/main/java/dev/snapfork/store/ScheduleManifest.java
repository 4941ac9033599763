package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.ScheduleRetention;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The truth of a snapshot schedule.
 *
 * @param schedule what the API shows
 * @param deleted whether it is no more: the manifest stays until the command that deleted it has settled
 */
public record ScheduleManifest(SnapshotSchedule schedule, boolean deleted, Applied applied) {
    private static final String OURS = "snapfork";
    private static final String SCHEDULE = "schedule";
    private static final String DELETED = "deleted";

    static ScheduleManifest read(InstanceId instance, ObjectNode document) throws DamagedRecordException {
        var root = new Fields("", document);
        var ours = SnapshotManifestJson.required(root, OURS);
        var fields = SnapshotManifestJson.required(root, SCHEDULE);
        var named = fields.required("instance_id", InstanceId::new);
        if (!named.equals(instance)) {
            throw fields.wrong("instance_id", "names another instance: " + named);
        }
        return new ScheduleManifest(
                schedule(instance, fields, AppliedJson.readVersion(ours)), ours.flag(DELETED), AppliedJson.read(ours));
    }

    private static SnapshotSchedule schedule(InstanceId instance, Fields fields, long version)
            throws DamagedRecordException {
        var kept = SnapshotManifestJson.required(fields, "retention");
        var interval = fields.required("interval", GoDuration::parse);
        if (!interval.value().isPositive()) {
            throw fields.wrong("interval", "is not above 0");
        }
        var runs = fields.count("runs");
        return new SnapshotSchedule(
                fields.required("id", ScheduleId::new),
                instance,
                interval,
                fields.nonEmptyText("name_prefix"),
                fields.texts("metadata"),
                new ScheduleRetention(kept.count("max_count"), kept.parsed("max_age", GoDuration::parse)),
                time(fields, "next_run_at"),
                fields.time("last_run_at"),
                fields.parsed("last_snapshot_id", SnapshotId::new),
                fields.nonEmptyText("last_error"),
                time(fields, "created_at"),
                time(fields, "updated_at"),
                runs == null ? 0 : runs,
                fields.parsed("current_operation_id", OperationId::new),
                fields.flag("orphaned"),
                version);
    }

    private static Instant time(Fields fields, String key) throws DamagedRecordException {
        var time = fields.time(key);
        if (time == null) {
            throw fields.wrong(key, "is missing");
        }
        return time;
    }

    ObjectNode document() {
        var document = ManifestFile.newObject();
        var node = document.putObject(SCHEDULE);
        node.put("id", schedule.id().value());
        node.put("instance_id", schedule.instanceId().value());
        node.put("interval", schedule.interval().toString());
        put(node, "name_prefix", schedule.namePrefix());
        var metadata = node.putObject("metadata");
        schedule.metadata().forEach(metadata::put);
        var retention = node.putObject("retention");
        if (schedule.retention().maxCount() != null) {
            retention.put("max_count", schedule.retention().maxCount());
        }
        put(retention, "max_age", schedule.retention().maxAge());
        put(node, "next_run_at", schedule.nextRunAt());
        put(node, "last_run_at", schedule.lastRunAt());
        put(node, "last_snapshot_id", schedule.lastSnapshotId());
        put(node, "last_error", schedule.lastError());
        put(node, "created_at", schedule.createdAt());
        put(node, "updated_at", schedule.updatedAt());
        node.put("runs", schedule.runs());
        put(node, "current_operation_id", schedule.currentOperationId());
        node.put("orphaned", schedule.orphaned());
        var ours = document.putObject(OURS);
        AppliedJson.write(ours, schedule.version(), applied);
        ours.put(DELETED, deleted);
        return document;
    }

    private static void put(ObjectNode node, String key, @Nullable Object value) {
        if (value != null) {
            node.put(key, value.toString());
        }
    }
}
