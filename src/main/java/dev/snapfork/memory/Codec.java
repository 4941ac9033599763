package dev.snapfork.memory;

import java.util.Locale;

/** The compression formats; the files of each are decoded by the command-line tool of that name. */
public enum Codec {
    ZSTD(".zst", 1, 19),
    LZ4(".lz4", 0, 9);

    private final String suffix;
    private final int minLevel;
    private final int maxLevel;

    Codec(String suffix, int minLevel, int maxLevel) {
        this.suffix = suffix;
        this.minLevel = minLevel;
        this.maxLevel = maxLevel;
    }

    /** What is appended to a file's name when it is compressed, with the dot. */
    public String suffix() {
        return suffix;
    }

    /** The lowest level, the fastest. */
    public int minLevel() {
        return minLevel;
    }

    /** The highest level, the smallest result. */
    public int maxLevel() {
        return maxLevel;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
