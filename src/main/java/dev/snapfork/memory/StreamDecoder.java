package dev.snapfork.memory;

import java.io.IOException;

/** Decodes a whole file of standard frames, whoever made them, from front to back on the calling thread. */
sealed interface StreamDecoder permits ZstdStream, Lz4Stream {
    static StreamDecoder of(Codec codec) {
        return switch (codec) {
            case ZSTD -> new ZstdStream();
            case LZ4 -> new Lz4Stream();
        };
    }

    /**
     * Decodes all frames.
     *
     * @throws CorruptMemoryException unless the input is whole frames up to its end, with right checksums
     */
    void decode(FrameInput input, ChunkedOutput output, JobControl job) throws IOException;
}
