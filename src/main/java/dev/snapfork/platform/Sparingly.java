package dev.snapfork.platform;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Says when a line of the log is to be written that there may be thousands of reasons for: seldom, and with how many were left out. */
final class Sparingly {
    private final long every;
    private final LongSupplier clock;
    private final AtomicLong last;
    private final LongAdder leftOut = new LongAdder();

    /**
     * The first line is written at once.
     *
     * @param every the shortest time between two lines
     * @param clock in nanoseconds
     */
    Sparingly(Duration every, LongSupplier clock) {
        this.every = every.toNanos();
        this.clock = clock;
        this.last = new AtomicLong(clock.getAsLong() - this.every);
    }

    /** How many were left out before this one; empty if this one is, too. */
    OptionalLong next() {
        var before = last.get();
        var now = clock.getAsLong();
        if (now - before < every || !last.compareAndSet(before, now)) {
            leftOut.increment();
            return OptionalLong.empty();
        }
        return OptionalLong.of(leftOut.sumThenReset());
    }
}
