package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether a fork may run although it could not be made a machine of its own in all respects. */
public enum IdentityWish {
    /** It runs, and says what was not reset. */
    OPTIONAL,
    /** It is not made then. */
    REQUIRED;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException naming the allowed values */
    @JsonCreator
    public static IdentityWish parse(String text) {
        return switch (text) {
            case "optional" -> OPTIONAL;
            case "required" -> REQUIRED;
            default -> throw new IllegalArgumentException("identity must be one of optional, required, got " + text);
        };
    }
}
