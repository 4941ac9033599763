package dev.snapfork.rest;

import dev.snapfork.operation.OperationId;
import org.jspecify.annotations.Nullable;

/** Why a call cannot be answered with what came of it; says what its caller is told instead. */
final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    enum Reason {
        /** More is in work than this process takes on; nothing was done. */
        OVERLOADED,
        /** The process stops; nothing was done. */
        NOT_BEGUN,
        /** The process stops; the command goes on. */
        STOPPED_WAITING,
        /** The brokers did not confirm the command. */
        UNCONFIRMED,
        /** PostgreSQL did not answer; nothing was done. */
        AWAY
    }

    private final Reason reason;
    private final String explanation;

    @SuppressWarnings("serial") // never serialised
    private final @Nullable OperationId operation;

    Unanswered(Reason reason, @Nullable OperationId operation, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.explanation = message;
        this.operation = operation;
    }

    Reason reason() {
        return reason;
    }

    /** What is wrong and what to do. */
    String explanation() {
        return explanation;
    }

    /** The operation that tells what came, or comes, of the command. */
    @Nullable
    OperationId operation() {
        return operation;
    }
}
