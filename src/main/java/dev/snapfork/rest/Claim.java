package dev.snapfork.rest;

import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.operation.OperationId;
import java.time.Instant;

/**
 * Which command a key stands for. Made before the command is published, with the ids of all that it will make, so that whoever
 * finds it can publish the very same command.
 *
 * @param request the digest of the request that made it
 * @param publishUntil until then whoever made it publishes the command, and nobody else
 */
record Claim(IdempotencyKey key, String request, CommandEnvelope envelope, Instant publishUntil) {
    OperationId operation() {
        return envelope.id();
    }
}
