package dev.snapfork.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An instance's snapshot schedule as the API and the events show it. Only the legal transitions exist as methods; each counts the
 * version up.
 *
 * @param lastRunAt when the last run began
 * @param lastSnapshotId what the last run that succeeded made
 * @param lastError why the last run made nothing; null if it did or has not ended
 * @param updatedAt when its owner last changed it
 * @param runs how many runs have begun
 * @param currentOperationId the run that has begun and not ended; null if there is none
 * @param orphaned whether the instance is gone: there are no more runs, but retention goes on
 * @param version counts the schedule's changes from 1, without gaps
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotSchedule(
        ScheduleId id,
        InstanceId instanceId,
        GoDuration interval,
        @Nullable String namePrefix,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> metadata,
        ScheduleRetention retention,
        Instant nextRunAt,
        @Nullable Instant lastRunAt,
        @Nullable SnapshotId lastSnapshotId,
        @Nullable String lastError,
        Instant createdAt,
        Instant updatedAt,
        long runs,
        @Nullable OperationId currentOperationId,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean orphaned,
        long version) {
    static final String DEFAULT_PREFIX = "scheduled";
    private static final String SCHEDULED = "hypeman.scheduled";
    private static final String SOURCE = "hypeman.schedule_instance_id";
    /** Every scheduled snapshot has these tags, whatever the metadata say. */
    static final List<String> ADDED_TAGS = List.of(SCHEDULED, SOURCE);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    @SuppressWarnings("NullAway") // absent metadata arrive as null from JSON
    public SnapshotSchedule {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(instanceId, "instance_id");
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(retention, "retention");
        Objects.requireNonNull(nextRunAt, "next_run_at");
        Objects.requireNonNull(createdAt, "created_at");
        Objects.requireNonNull(updatedAt, "updated_at");
        metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    }

    /** A schedule that has not run yet. */
    public static SnapshotSchedule first(ScheduleId id, InstanceId instance, SchedulePlan plan, Instant now) {
        return new SnapshotSchedule(
                id,
                instance,
                plan.interval(),
                plan.namePrefix(),
                plan.metadata(),
                plan.retention(),
                Cadence.first(instance, plan.interval().value(), now),
                null,
                null,
                null,
                now,
                now,
                0,
                null,
                false,
                1);
    }

    public SchedulePlan plan() {
        return new SchedulePlan(interval, namePrefix, metadata, retention);
    }

    /** The owner wants something else. The next run stays where it is unless the interval is another one. */
    public SnapshotSchedule changed(SchedulePlan plan, Instant now) {
        var next = plan.interval().equals(interval)
                ? nextRunAt
                : Cadence.first(instanceId, plan.interval().value(), now);
        return new SnapshotSchedule(
                id,
                instanceId,
                plan.interval(),
                plan.namePrefix(),
                plan.metadata(),
                plan.retention(),
                next,
                lastRunAt,
                lastSnapshotId,
                lastError,
                createdAt,
                now,
                runs,
                currentOperationId,
                orphaned,
                version + 1);
    }

    /** Whether this is the run that comes next; one that was planned before a change of the interval is not. */
    public boolean expects(long run, Instant due) {
        return run == runs + 1 && due.equals(nextRunAt) && !orphaned;
    }

    /** The run that is due begins: the one behind it is set, before anything is captured. */
    public SnapshotSchedule started(OperationId operation, Instant now) {
        return ran(Cadence.next(nextRunAt, interval.value(), now), now, lastSnapshotId, null, runs + 1, operation);
    }

    /** The run that was due has come to nothing before it began; the one behind it is set. */
    public SnapshotSchedule missed(String why, Instant now) {
        return ran(Cadence.next(nextRunAt, interval.value(), now), now, lastSnapshotId, why, runs + 1, null);
    }

    /** The run that had begun made this snapshot. */
    public SnapshotSchedule succeeded(SnapshotId made) {
        return ran(nextRunAt, lastRunAt, made, null, runs, null);
    }

    /** The run that had begun made nothing. */
    public SnapshotSchedule failed(String why) {
        return ran(nextRunAt, lastRunAt, lastSnapshotId, why, runs, null);
    }

    private SnapshotSchedule ran(
            Instant next,
            @Nullable Instant last,
            @Nullable SnapshotId made,
            @Nullable String error,
            long begun,
            @Nullable OperationId current) {
        return new SnapshotSchedule(
                id,
                instanceId,
                interval,
                namePrefix,
                metadata,
                retention,
                next,
                last,
                made,
                error,
                createdAt,
                updatedAt,
                begun,
                current,
                orphaned,
                version + 1);
    }

    /** The instance is gone. */
    public SnapshotSchedule orphan() {
        return end(true);
    }

    /** The last state of a schedule that is no more. */
    public SnapshotSchedule deleted() {
        return end(orphaned);
    }

    private SnapshotSchedule end(boolean gone) {
        return new SnapshotSchedule(
                id,
                instanceId,
                interval,
                namePrefix,
                metadata,
                retention,
                nextRunAt,
                lastRunAt,
                lastSnapshotId,
                lastError,
                createdAt,
                updatedAt,
                runs,
                null,
                gone,
                version + 1);
    }

    /** The name of the snapshot of the run that began at this time. */
    public String snapshotName(Instant began) {
        return (namePrefix == null ? DEFAULT_PREFIX : namePrefix) + "-" + STAMP.format(began);
    }

    /** The tags of a scheduled snapshot. */
    public Map<String, String> snapshotTags() {
        var tags = new HashMap<>(metadata);
        tags.put(SCHEDULED, "true");
        tags.put(SOURCE, instanceId.value());
        return Map.copyOf(tags);
    }
}
