package dev.snapfork.query;

import java.util.Locale;

/** The headers of an event's record. */
enum EventHeader {
    CE_SPECVERSION(true, "1.0"),
    CE_ID(true, "The aggregate's id and the sequence: the same for an event that comes twice"),
    CE_TYPE(true, "What has happened"),
    CE_SOURCE(true, "Who tells it"),
    CE_SUBJECT(true, "Id of the aggregate, as the key"),
    CE_TIME(true, "When it happened, in RFC 3339"),
    CE_SEQUENCE(true, "Counts the changes of the aggregate; a number"),
    CE_CORRELATIONID(false, "The operation that it belongs to"),
    CE_CAUSATIONID(false, "The command that caused it; absent from what was found on disk"),
    CE_TRACEPARENT(false, "The trace of the command that caused it, in W3C's form, where it was traced"),
    X_REQUEST_ID(false, "The name that the request which caused it had, or was given");

    private final boolean always;
    private final String description;

    EventHeader(boolean always, String description) {
        this.always = always;
        this.description = description;
    }

    boolean isAlwaysThere() {
        return always;
    }

    String description() {
        return description;
    }

    String text() {
        var text = name().toLowerCase(Locale.ROOT);
        return text.startsWith("ce_") ? text : text.replace('_', '-');
    }
}
