package dev.snapfork.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.snapfork.deadletter.DeadLetter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as the API shows it.
 *
 * @param retries how often it was published again
 * @param retryOperationId of the last time, if it is a command
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListedLetter(
        @JsonUnwrapped DeadLetter letter,
        State state,
        int retries,
        @Nullable Instant retriedAt,
        @Nullable String retryOperationId) {

    /** Whether anybody has done anything about it. */
    public enum State {
        OPEN,
        RETRIED;

        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException naming the allowed values */
        public static State parse(String text) {
            return Arrays.stream(values())
                    .filter(state -> state.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("state must be one of open, retried, got " + text));
        }
    }

    static ListedLetter of(
            DeadLetter letter, int retries, @Nullable Instant retriedAt, @Nullable String retryOperation) {
        return new ListedLetter(letter, retries > 0 ? State.RETRIED : State.OPEN, retries, retriedAt, retryOperation);
    }
}
