package dev.snapfork.health;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last finding about one snapshot or instance. It is no part of the aggregate's own state and has a history of its own, so that a
 * finding stands in the way of no command, and can be told of what has no readable record any more.
 *
 * @param id the snapshot's or the instance's
 * @param state never {@link HealthState#UNKNOWN}: somebody has looked
 * @param error what is wrong, in words for whoever runs the service; null if nothing is
 * @param version counts the findings from 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Health(
        Subject subject,
        String id,
        HealthState state,
        Instant checkedAt,
        @Nullable String error,
        long version) {
    private static final int LONGEST_ERROR = 2000;

    /** What kind of thing the finding is about. */
    public enum Subject {
        SNAPSHOT,
        INSTANCE;

        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Subject parse(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    public Health {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(checkedAt, "checked_at");
        if (state == HealthState.UNKNOWN || (state == HealthState.DAMAGED) != (error != null)) {
            throw new IllegalArgumentException("a finding is healthy, or damaged with an error, got " + state);
        }
        if (error != null) {
            // a message quotes what lies on disk, and PostgreSQL keeps no NUL
            var text = error.replace('\0', '\uFFFD');
            error = text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR) + "…";
        }
    }

    /**
     * The finding that follows an earlier one.
     *
     * @param version of the earlier one, or 0 if there is none
     * @param problem null if everything is as it should be
     */
    public static Health found(Subject subject, String id, long version, @Nullable String problem, Instant at) {
        return new Health(
                subject, id, problem == null ? HealthState.HEALTHY : HealthState.DAMAGED, at, problem, version + 1);
    }

    @JsonIgnore
    public boolean isDamaged() {
        return state == HealthState.DAMAGED;
    }
}
