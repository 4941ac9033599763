package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
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
    /** Beyond it, who asked for compression meant none. */
    private static final Duration LONGEST_DELAY = Duration.ofDays(365);

    /** What is wrong with the policy; empty if nothing is. */
    public Optional<String> problem() {
        var delay = standbyCompressionDelay == null
                ? Optional.<String>empty()
                : delayProblem("standby_compression_delay", standbyCompressionDelay);
        return delay.or(() -> compression == null ? Optional.empty() : compression.problem());
    }

    /**
     * What is wrong with how long memory is to stay uncompressed; empty if nothing is.
     *
     * @param field what the sender calls it
     */
    public static Optional<String> delayProblem(String field, GoDuration delay) {
        if (delay.value().isNegative()) {
            return Optional.of(field + " must not be negative, got " + delay);
        }
        return delay.value().compareTo(LONGEST_DELAY) > 0
                ? Optional.of(field + " must be at most " + new GoDuration(LONGEST_DELAY) + ", got " + delay)
                : Optional.empty();
    }
}
