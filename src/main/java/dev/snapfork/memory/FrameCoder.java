package dev.snapfork.memory;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Codes single frames in memory. Stateless: whatever is kept lies on the bench.
 *
 * <p>Content is hashed once, by the caller, who needs the hash for the digest anyway: coders put it into frames and compare
 * it with what frames hold, and never look at the content a second time where the format allows that.
 */
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
     * @param hash XXH64 (seed 0) of these bytes
     * @param target has room for {@link #bound} bytes from 0 on
     * @return the frame's length
     * @throws IOException from the bench's {@link Bench#pause}, which slow levels make now and then; so does what else it throws
     */
    int encode(Bench bench, int level, ByteBuffer source, int rawBytes, long hash, ByteBuffer target)
            throws IOException;

    /**
     * Decodes a frame that this coder made. Its checksum is not verified, {@link #intact} does that.
     *
     * @param source may be written to meanwhile; afterwards it is as before
     * @param target filled from 0 on; its content is undefined when false is returned
     * @return whether {@code [offset, offset + length)} is exactly such a frame of exactly {@code rawBytes}
     */
    boolean decode(Bench bench, ByteBuffer source, int offset, int length, ByteBuffer target, int rawBytes);

    /**
     * Whether the checksum of a frame is that of what was decoded from it.
     *
     * @param content {@code [0, rawBytes)} of it
     * @param hash XXH64 (seed 0) of these bytes
     */
    boolean intact(ByteBuffer source, int offset, int length, ByteBuffer content, int rawBytes, long hash);
}
