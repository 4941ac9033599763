package dev.snapfork.bench;

import java.io.IOException;

/** One of those that are measured against each other. */
@FunctionalInterface
interface Contender {
    /** Does the work once and leaves nothing behind. What the sample counts is the work, not the cleaning up. */
    Sample run() throws IOException;
}
