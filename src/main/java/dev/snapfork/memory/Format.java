package dev.snapfork.memory;

import dev.snapfork.file.TreeDigest;

/**
 * How to compress.
 *
 * @param level zstd 1–19, lz4 0–9 (0–2 are its fast compressor, 3–9 the thorough one)
 */
public record Format(Codec codec, int level) {
    /** Frames hold a multiple of this, the last one of a file excepted. */
    static final int SMALLEST_FRAME = TreeDigest.CHUNK_BYTES;

    static final int LARGEST_FRAME = 16 * SMALLEST_FRAME;
    private static final int MIDDLE_FRAME = 4 * SMALLEST_FRAME;
    private static final int FIRST_THOROUGH_LEVEL = 4;
    private static final int FIRST_FAR_SIGHTED_LEVEL = 16;

    public Format {
        if (level < codec.minLevel() || level > codec.maxLevel()) {
            throw new IllegalArgumentException("level must be between " + codec.minLevel() + " and " + codec.maxLevel()
                    + " for " + codec + ", got " + level);
        }
    }

    /**
     * Bytes of the raw file in one frame. Frames are compressed apart, so small ones cost size at levels that look far
     * back: at zstd 19 a busy guest's memory in frames of 4 MiB is 4.9 % larger than in one frame for all, in frames of 16 MiB
     * 1.4 %. lz4 looks back 64 KiB only.
     */
    int frameBytes() {
        if (codec != Codec.ZSTD || level < FIRST_THOROUGH_LEVEL) {
            return SMALLEST_FRAME;
        }
        return level < FIRST_FAR_SIGHTED_LEVEL ? MIDDLE_FRAME : LARGEST_FRAME;
    }

    /** Whether so few frames of this size are to be in memory at once as keep the threads busy. */
    static boolean isLarge(int frameBytes) {
        return frameBytes > MIDDLE_FRAME;
    }
}
