package dev.snapfork.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A moment on the monotonic clock after which waiting stops. */
final class Deadline {
    private static final long POLL_MILLIS = 20;

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline in(Duration wait) {
        return new Deadline(System.nanoTime() + wait.toNanos());
    }

    long nanosLeft() {
        return Math.max(0, end - System.nanoTime());
    }

    /**
     * Polls until the condition holds.
     *
     * @return false when the deadline came first
     * @throws IllegalStateException when the waiting thread was interrupted; its interrupt flag stays set
     */
    boolean await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            long left = nanosLeft();
            if (left == 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }
        return true;
    }
}
