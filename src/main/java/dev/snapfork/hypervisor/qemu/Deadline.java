package dev.snapfork.hypervisor.qemu;

import java.io.IOException;
import java.time.Duration;

/** Until when something may take. */
record Deadline(long nanos, String what) {
    private static final long NANOS_A_MILLI = 1_000_000;

    /** @param what does not come, if it does not: for the message */
    static Deadline in(Duration limit, String what) {
        return new Deadline(System.nanoTime() + limit.toNanos(), what);
    }

    boolean isOver() {
        return System.nanoTime() - nanos >= 0;
    }

    /** At least 1, so that a look is taken even when it is over. */
    long millisLeft() {
        return Math.max(1, (nanos - System.nanoTime()) / NANOS_A_MILLI);
    }

    /** @throws IOException if it is over */
    void requireTime() throws IOException {
        if (isOver()) {
            throw new IOException("QEMU did not answer in time: " + what);
        }
    }
}
