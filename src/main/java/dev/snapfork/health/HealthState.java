package dev.snapfork.health;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What the last look at the files of a snapshot or an instance came to. */
public enum HealthState {
    /** Everything was there and as it was captured. */
    HEALTHY,
    /** Something is missing, different or cannot be read; it is left as it is. */
    DAMAGED,
    /** Nobody has looked yet. */
    UNKNOWN;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException naming the allowed values */
    @JsonCreator
    public static HealthState parse(String text) {
        return Arrays.stream(values())
                .filter(state -> state.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("health must be one of healthy, damaged, unknown, got " + text));
    }
}
