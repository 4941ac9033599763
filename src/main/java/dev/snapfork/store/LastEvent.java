package dev.snapfork.store;

import dev.snapfork.operation.OperationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was last said of an aggregate, kept with its state so that it can be said again after a crash.
 *
 * @param type the event's frozen wire name
 * @param operation the command that caused it; null if none did
 * @param about id of another aggregate that the event names, such as the snapshot that was forked; null if none
 */
public record LastEvent(
        String type,
        @Nullable OperationId operation,
        Instant time,
        @Nullable String about) {}
