package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/** How memory is compressed, with the levels that each algorithm has. */
public enum CompressionAlgorithm {
    ZSTD(1, 19, 1),
    LZ4(0, 9, 0);

    private final int minLevel;
    private final int maxLevel;
    private final int defaultLevel;

    CompressionAlgorithm(int minLevel, int maxLevel, int defaultLevel) {
        this.minLevel = minLevel;
        this.maxLevel = maxLevel;
        this.defaultLevel = defaultLevel;
    }

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public int minLevel() {
        return minLevel;
    }

    public int maxLevel() {
        return maxLevel;
    }

    public int defaultLevel() {
        return defaultLevel;
    }

    /** What is wrong with the level; empty if it is in range. */
    public Optional<String> problem(int level) {
        return level >= minLevel && level <= maxLevel
                ? Optional.empty()
                : Optional.of(
                        "level must be between " + minLevel + " and " + maxLevel + " for " + text() + ", got " + level);
    }

    /** @throws IllegalArgumentException naming the allowed values */
    @JsonCreator
    public static CompressionAlgorithm parse(String text) {
        return switch (text) {
            case "zstd" -> ZSTD;
            case "lz4" -> LZ4;
            default -> throw new IllegalArgumentException("algorithm must be one of zstd, lz4, got " + text);
        };
    }
}
