package dev.snapfork.api;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what comes about in its own time. */
public final class Eventually {
    private static final long POLL_MILLIS = 25;

    private Eventually() {}

    /** Looks again and again until what it sees is as wanted; fails with what it saw last when the limit is over. */
    public static <T> T see(Duration limit, Supplier<T> look, Predicate<T> wanted) {
        var end = System.nanoTime() + limit.toNanos();
        while (true) {
            var seen = look.get();
            if (wanted.test(seen)) {
                return seen;
            }
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("not within " + limit + "; the last look saw " + seen);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }
    }
}
