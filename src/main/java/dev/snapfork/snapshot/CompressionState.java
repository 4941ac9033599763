package dev.snapfork.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a snapshot's memory file stands. It can be forked in every one of these states. */
public enum CompressionState {
    NONE,
    /** Asked for and not finished: the memory is still there as it was before. */
    COMPRESSING,
    COMPRESSED,
    /** Given up; the memory is there as it was before, and compressing may be asked for again. */
    ERROR;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static CompressionState parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
