package dev.snapfork.memory;

import java.nio.ByteBuffer;

/** Codes single frames in memory. Stateless: whatever is kept lies on the bench. */
interface FrameCoder {
    static FrameCoder of(Codec codec) {
        return switch (codec) {
            case ZSTD -> new ZstdFrames();
            case LZ4 -> new Lz4Frames();
        };
    }

    /** The most bytes that a frame of so many raw bytes takes. */
    int bound(int rawBytes);

    /**
     * Makes a frame of {@code [0, rawBytes)} of the source.
     *
     * @param target has room for {@link #bound} bytes from 0 on
     * @return the frame's length
     */
    int encode(Bench bench, int level, ByteBuffer source, int rawBytes, ByteBuffer target);

    /**
     * Decodes a frame that this coder made, checksums verified.
     *
     * @param target filled from 0 on; its content is undefined when false is returned
     * @return whether {@code [offset, offset + length)} is exactly such a frame of exactly {@code rawBytes}
     */
    boolean decode(Bench bench, ByteBuffer source, int offset, int length, ByteBuffer target, int rawBytes);
}
