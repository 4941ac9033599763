package dev.snapfork.memory;

import java.util.function.BooleanSupplier;

/**
 * What surrounds one run of the codec.
 *
 * @param cancelled asked before every frame, from several threads; once it says true the job ends within a frame
 * @param verify whether each frame is decoded and compared with its source before it is written
 * @param durable whether the target is synced before the call returns; its directory never is
 */
public record Job(Progress progress, BooleanSupplier cancelled, boolean verify, boolean durable) {
    /** Verified, durable, never cancelled, heard by nobody. */
    public static Job standard() {
        return new Job((done, total) -> {}, () -> false, true, true);
    }

    public Job withProgress(Progress listener) {
        return new Job(listener, cancelled, verify, durable);
    }

    public Job withCancellation(BooleanSupplier check) {
        return new Job(progress, check, verify, durable);
    }

    public Job withoutVerification() {
        return new Job(progress, cancelled, false, durable);
    }

    /** For measuring; what is to be kept must be synced. */
    public Job withoutSync() {
        return new Job(progress, cancelled, verify, false);
    }
}
