package dev.snapfork.worker;

/** The snapshot was deleted while it was read. */
final class SnapshotGoneException extends Exception {
    private static final long serialVersionUID = 1L;
}
