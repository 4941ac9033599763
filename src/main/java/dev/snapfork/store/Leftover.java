package dev.snapfork.store;

import dev.snapfork.operation.OperationId;
import java.time.Instant;

/**
 * What an operation has in staging or in the trash.
 *
 * @param lastChange the latest modification of anything in it
 */
public record Leftover(OperationId operation, Instant lastChange) {}
