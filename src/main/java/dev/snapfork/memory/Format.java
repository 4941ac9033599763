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

    static final int LARGEST_FRAME = 4 * SMALLEST_FRAME;
    private static final int FIRST_THOROUGH_LEVEL = 4;

    public Format {
        if (level < codec.minLevel() || level > codec.maxLevel()) {
            throw new IllegalArgumentException("level must be between " + codec.minLevel() + " and " + codec.maxLevel()
                    + " for " + codec + ", got " + level);
        }
    }

    /**
     * Bytes of the raw file in one frame. Frames are compressed apart, so small ones cost size at levels that look far
     * back: at zstd 19 frames of 1 MiB are 7 % larger than one frame for all, frames of 4 MiB 3 %. lz4 looks back
     * 64 KiB only.
     */
    int frameBytes() {
        return codec == Codec.ZSTD && level >= FIRST_THOROUGH_LEVEL ? LARGEST_FRAME : SMALLEST_FRAME;
    }
}
