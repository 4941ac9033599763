package dev.snapfork.worker;

import dev.snapfork.memory.Job;
import java.util.function.BooleanSupplier;

/** Runs of the codec on behalf of commands: verified, durable, their progress told. */
final class CodecJobs {
    private CodecJobs() {}

    static Job of(Work work, BooleanSupplier cancelled) {
        return Job.standard().withProgress(work::progress).withCancellation(cancelled);
    }
}
