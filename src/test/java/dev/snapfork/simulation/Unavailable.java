package dev.snapfork.simulation;

/** Kafka or PostgreSQL has not answered in time; whether it has done what was asked for is not known. */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unavailable(String what) {
        super("no answer: " + what, null, false, false);
    }
}
