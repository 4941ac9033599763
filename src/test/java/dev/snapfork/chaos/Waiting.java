package dev.snapfork.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits that end. */
final class Waiting {
    /** All that was interrupted has settled by then. */
    static final Duration LIMIT = Duration.ofMinutes(4);

    private Waiting() {}

    /** Returns when it is so; fails after {@link #LIMIT}. */
    static void until(String what, BooleanSupplier isSo) {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("not within " + LIMIT + ": " + what);
            }
            pause(Duration.ofMillis(200));
        }
    }

    static void pause(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
