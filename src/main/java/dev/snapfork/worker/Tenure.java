package dev.snapfork.worker;

/** How long a partition is this worker's. What is still in work when it has gone elsewhere is another's. */
final class Tenure {
    private volatile boolean ended;

    void end() {
        ended = true;
    }

    /** Whether the command may be in another's hands. That it is not known to be does not mean that it is not. */
    boolean ended() {
        return ended;
    }
}
