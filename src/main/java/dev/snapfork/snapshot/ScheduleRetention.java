package dev.snapfork.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.snapfork.instance.GoDuration;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which scheduled snapshots are kept; null and 0 set no bound.
 *
 * @param maxCount the newest so many stay
 * @param maxAge what is older goes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScheduleRetention(
        @Nullable Long maxCount, @Nullable GoDuration maxAge) {

    /** How many are kept; empty if there is no bound. */
    public Optional<Long> count() {
        return Optional.ofNullable(maxCount).filter(count -> count > 0);
    }

    /** How old a kept one may be; empty if there is no bound. */
    public Optional<Duration> age() {
        return Optional.ofNullable(maxAge).map(GoDuration::value).filter(Duration::isPositive);
    }
}
