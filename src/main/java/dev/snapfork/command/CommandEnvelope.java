package dev.snapfork.command;

import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import java.time.Instant;

/**
 * A command on its way.
 *
 * @param id names the command and the operation that shows what becomes of it
 * @param issuedAt when it was accepted
 */
public record CommandEnvelope(OperationId id, Instant issuedAt, Command command) {

    /** How the operation looks before anything has happened. */
    public Operation accepted() {
        var snapshot = command.snapshot();
        var instance = command.instance();
        return Operation.accepted(
                id,
                command.kind(),
                snapshot == null ? null : snapshot.value(),
                instance == null ? null : instance.value(),
                issuedAt);
    }
}
