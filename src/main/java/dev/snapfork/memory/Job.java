package dev.snapfork.memory;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds one run of the codec.
 *
 * @param cancelled asked before every frame, from several threads; once it says true the job ends within a frame
 * @param verify whether each frame is decoded and compared with its source before it is written
 * @param durable whether the target is synced before the call returns; its directory never is
 * @param background whether a decoding stands back behind others as compressions always do
 * @param resume how a compression that is broken off can go on later; null if it starts over
 */
public record Job(
        Progress progress,
        BooleanSupplier cancelled,
        boolean verify,
        boolean durable,
        boolean background,
        @Nullable Resume resume) {
    /** Verified, durable, never cancelled, heard by nobody, not to be resumed; decodings go first. */
    public static Job standard() {
        return new Job((done, total) -> {}, () -> false, true, true, false, null);
    }

    public Job withProgress(Progress listener) {
        return new Job(listener, cancelled, verify, durable, background, resume);
    }

    public Job withCancellation(BooleanSupplier check) {
        return new Job(progress, check, verify, durable, background, resume);
    }

    public Job withoutVerification() {
        return new Job(progress, cancelled, false, durable, background, resume);
    }

    /** For measuring; what is to be kept must be synced. */
    public Job withoutSync() {
        return new Job(progress, cancelled, verify, false, background, resume);
    }

    /** For decodings that nobody waits for. */
    public Job inBackground() {
        return new Job(progress, cancelled, verify, durable, true, resume);
    }

    /** For compressions alone; others take no notice of it. */
    public Job withResume(Resume how) {
        return new Job(progress, cancelled, verify, durable, background, how);
    }
}
