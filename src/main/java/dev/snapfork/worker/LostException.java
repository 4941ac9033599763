package dev.snapfork.worker;

/** A later attempt at the command has begun: this one is to change nothing more, and its failure is not the command's. */
final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostException() {
        super("a later attempt at the command has begun", null, false, false);
    }
}
