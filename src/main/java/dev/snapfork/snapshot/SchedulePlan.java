package dev.snapfork.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Tags;
import dev.snapfork.operation.Refusal;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a schedule wants.
 *
 * @param namePrefix of the snapshots' names; null for {@code scheduled}
 * @param metadata tags of every snapshot
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SchedulePlan(
        GoDuration interval,
        @Nullable String namePrefix,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> metadata,
        ScheduleRetention retention) {
    /** The contract's shortest interval. */
    public static final Duration MIN_INTERVAL = Duration.ofMinutes(1);

    @SuppressWarnings("NullAway") // absent metadata arrive as null from JSON
    public SchedulePlan {
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(retention, "retention");
        metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    }

    /**
     * What is wrong with the plan, for its owner; empty if nothing is.
     *
     * @param shortest the shortest interval that is allowed
     */
    public Optional<Refusal> problem(Duration shortest) {
        if (interval.value().compareTo(shortest) < 0) {
            return refusal("interval must be at least " + new GoDuration(shortest) + ", got " + interval);
        }
        if (retention.maxCount() != null && retention.maxCount() < 0) {
            return refusal("retention.max_count must be at least 0, got " + retention.maxCount());
        }
        if (retention.maxAge() != null && retention.maxAge().value().isNegative()) {
            return refusal("retention.max_age must not be negative, got " + retention.maxAge());
        }
        if (retention.count().isEmpty() && retention.age().isEmpty()) {
            return refusal(
                    "retention needs max_count or max_age, and one of them above 0: what is kept must have a bound");
        }
        return tooManyTags();
    }

    private Optional<Refusal> tooManyTags() {
        var keys = new HashSet<>(metadata.keySet());
        keys.addAll(SnapshotSchedule.ADDED_TAGS);
        return keys.size() > Tags.MAX_COUNT
                ? refusal("metadata may have at most " + (Tags.MAX_COUNT - SnapshotSchedule.ADDED_TAGS.size())
                        + " entries, as every scheduled snapshot gets " + SnapshotSchedule.ADDED_TAGS.size() + " more")
                : Optional.empty();
    }

    private static Optional<Refusal> refusal(String message) {
        return Optional.of(Refusal.invalidRequest(message));
    }
}
