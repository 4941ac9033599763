package dev.snapfork.memory;

/**
 * Tells cheaply that bytes are worth the slow levels. Those take as long over what cannot be compressed as over anything (42
 * MB/s at lz4's levels from 3 on, 7 MB/s at zstd 19), where the fast ones rush through it (28 and 7 GB/s).
 */
final class Samples {
    private static final int SAMPLE_BYTES = 1 << 14;
    private static final int SPACING = 1 << 18;

    private Samples() {}

    /** A fast compressor; its output is only measured. */
    interface Trial {
        /** The size of {@code [offset, offset + length)} compressed. */
        int size(int offset, int length);
    }

    /** Whether any sample shrinks, or all of the bytes together do. */
    static boolean promise(int rawBytes, Trial trial) {
        for (int at = 0; at + SAMPLE_BYTES <= rawBytes; at += SPACING) {
            if (trial.size(at, SAMPLE_BYTES) < SAMPLE_BYTES) {
                return true;
            }
        }
        return trial.size(0, rawBytes) < rawBytes;
    }
}
