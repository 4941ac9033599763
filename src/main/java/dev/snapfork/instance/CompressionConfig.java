package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A wish for compressed memory, as a request, an instance's policy or the server's default has it.
 *
 * @param algorithm null means zstd
 * @param level null means the algorithm's default; of memory that was compressed elsewhere, that it is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CompressionConfig(
        boolean enabled,
        @Nullable CompressionAlgorithm algorithm,
        @Nullable Integer level) {
    public static final CompressionConfig DISABLED = new CompressionConfig(false, null, null);

    public static CompressionConfig of(CompressionAlgorithm algorithm, int level) {
        return new CompressionConfig(true, algorithm, level);
    }

    /** The algorithm in force. */
    public CompressionAlgorithm effectiveAlgorithm() {
        return algorithm == null ? CompressionAlgorithm.ZSTD : algorithm;
    }

    /** The level in force. */
    public int effectiveLevel() {
        return level == null ? effectiveAlgorithm().defaultLevel() : level;
    }

    /** What is wrong with the level, also where compression is disabled: never clamped, always said. */
    public Optional<String> problem() {
        return level == null ? Optional.empty() : effectiveAlgorithm().problem(level);
    }

    /** The same wish with nothing left to defaults; a disabled one says nothing more than that. */
    public CompressionConfig resolved() {
        return enabled ? of(effectiveAlgorithm(), effectiveLevel()) : DISABLED;
    }
}
