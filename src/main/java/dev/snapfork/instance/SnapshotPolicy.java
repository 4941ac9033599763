package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an instance wants for its snapshots unless a request says otherwise.
 *
 * @param standbyCompressionDelay how long memory of an instance put in standby stays uncompressed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotPolicy(
        @Nullable CompressionConfig compression, @Nullable GoDuration standbyCompressionDelay) {

    /** What is wrong with the policy; empty if nothing is. */
    public Optional<String> problem() {
        if (standbyCompressionDelay != null && standbyCompressionDelay.value().isNegative()) {
            return Optional.of("standby_compression_delay must not be negative, got " + standbyCompressionDelay);
        }
        return compression == null ? Optional.empty() : compression.problem();
    }
}
