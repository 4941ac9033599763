package dev.snapfork.store;

import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Particulars;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was last said of an aggregate, kept with its state so that it can be said again after a crash.
 *
 * @param type the event's frozen wire name
 * @param operation the command that caused it; null if none did
 * @param about id of another aggregate that the event names, such as the snapshot that was forked; null if none
 * @param particulars what there is to tell beside the state
 */
public record LastEvent(
        String type,
        @Nullable OperationId operation,
        Instant time,
        @Nullable String about,
        Particulars particulars) {

    /** An event with nothing to tell beside the state. */
    public LastEvent(String type, @Nullable OperationId operation, Instant time, @Nullable String about) {
        this(type, operation, time, about, Particulars.NONE);
    }
}
