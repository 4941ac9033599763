package dev.snapfork.rest;

import dev.snapfork.instance.GoDuration;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.SchedulePlan;
import dev.snapfork.snapshot.ScheduleRetention;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body that asks for a snapshot schedule; durations are texts here, as the domain and not the schema refuses bad ones. */
record SetSnapshotScheduleRequest(
        String interval,
        @Nullable String namePrefix,
        @Nullable Map<String, String> metadata,
        Retention retention) {

    /** The bounds of what is kept. */
    record Retention(@Nullable Long maxCount, @Nullable String maxAge) {}

    /** @throws RefusedException if a duration is none */
    SchedulePlan plan() {
        var age = retention.maxAge();
        return new SchedulePlan(
                duration("interval", interval),
                namePrefix,
                metadata == null ? Map.of() : metadata,
                new ScheduleRetention(retention.maxCount(), age == null ? null : duration("retention.max_age", age)));
    }

    private static GoDuration duration(String field, String text) {
        try {
            return GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Refusal.invalidRequest(field + ": " + Echo.cut(String.valueOf(e.getMessage()))));
        }
    }
}
