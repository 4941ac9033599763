package dev.snapfork.operation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** Where an accepted command stands. The last four are final: an operation reaches exactly one of them. */
public enum OperationStatus {
    ACCEPTED,
    RUNNING,
    SUCCEEDED,
    /** The domain said no; the same command would be refused again. */
    REJECTED,
    /** The work was given up; the operation's error says why. */
    FAILED,
    CANCELLED;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean settled() {
        return switch (this) {
            case ACCEPTED, RUNNING -> false;
            case SUCCEEDED, REJECTED, FAILED, CANCELLED -> true;
        };
    }

    /** @throws IllegalArgumentException naming the allowed values */
    @JsonCreator
    public static OperationStatus parse(String text) {
        return Arrays.stream(values())
                .filter(status -> status.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("status must be one of "
                        + String.join(
                                ", ",
                                Arrays.stream(values())
                                        .map(OperationStatus::text)
                                        .toList()) + ", got " + text));
    }
}
