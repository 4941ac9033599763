package dev.snapfork.rest;

/** The key stands for a request of another sort: one of the two made a command, and one did not. */
final class KeyTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyTakenException() {
        super("the key stands for another request", null, false, false);
    }
}
