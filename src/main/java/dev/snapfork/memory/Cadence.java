package dev.snapfork.memory;

import java.time.Duration;

/**
 * How often a compression is made to last: once so much was written, or so much time has passed.
 *
 * @param bytes of the compressed file
 */
record Cadence(long bytes, Duration time) {
    /** What is lost by a crash costs seconds to make again; syncing this rarely costs nothing that can be measured. */
    static final Cadence STANDARD = new Cadence(256L << 20, Duration.ofSeconds(2));
}
