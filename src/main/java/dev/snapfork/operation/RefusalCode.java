package dev.snapfork.operation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The machine-readable codes with which the domain refuses; text forms as in the API's error bodies. */
public enum RefusalCode {
    INVALID_REQUEST,
    INVALID_SNAPSHOT_COMPRESSION,
    INVALID_SNAPSHOT_POLICY,
    INVALID_COMPRESSION_DELAY,
    /** An instance of that name is there. */
    NAME_CONFLICT,
    NOT_FOUND,
    AMBIGUOUS,
    CONFLICT,
    INVALID_STATE,
    INSUFFICIENT_RESOURCES,
    /** What lies on disk is not what was captured. */
    SNAPSHOT_DAMAGED,
    NOT_SUPPORTED,
    /** The work was given up by the service, not refused by the domain. */
    INTERNAL_ERROR,
    /** The work was stopped on request, or its subject went away. */
    CANCELLED;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static RefusalCode parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
