package dev.snapfork.guest;

import java.time.Duration;

/** A moment on the monotonic clock after which waiting stops. */
record Deadline(long end) {
    static Deadline in(Duration wait) {
        return new Deadline(System.nanoTime() + wait.toNanos());
    }

    long nanosLeft() {
        return Math.max(0, end - System.nanoTime());
    }

    boolean passed() {
        return nanosLeft() == 0;
    }

    /** This one, or that far from now, whichever comes first. */
    Deadline within(Duration wait) {
        var sooner = in(wait);
        return sooner.end - end < 0 ? sooner : this;
    }
}
