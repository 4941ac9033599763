package dev.snapfork.rest;

import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import org.jspecify.annotations.Nullable;

/** The body that puts an instance in standby; all of it may be left out. The delay is text, as the domain refuses a bad one. */
record StandbyInstanceRequest(
        @Nullable CompressionConfig compression, @Nullable String compressionDelay) {

    /**
     * How long the memory is to stay uncompressed; null where the request does not say. One that is given beside disabled compression is
     * taken as well, and delays nothing.
     *
     * @throws RefusedException if it is no duration, negative or immense: {@code invalid_compression_delay}
     */
    @Nullable
    GoDuration delay() {
        if (compressionDelay == null) {
            return null;
        }
        try {
            var delay = GoDuration.parse(compressionDelay);
            SnapshotPolicy.delayProblem("compression_delay", delay).ifPresent(problem -> {
                throw refused(problem);
            });
            return delay;
        } catch (IllegalArgumentException e) {
            throw refused("compression_delay: " + Echo.cut(String.valueOf(e.getMessage())));
        }
    }

    private static RefusedException refused(String problem) {
        return new RefusedException(new Refusal(RefusalCode.INVALID_COMPRESSION_DELAY, problem));
    }
}
