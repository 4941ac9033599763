package dev.snapfork.memory;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Cuts a stream of decoded bytes into the target's chunks. */
final class ChunkedOutput implements AutoCloseable {
    private final SparseTarget target;
    private final NativeBuffer chunk = new NativeBuffer();
    private long offset;

    ChunkedOutput(SparseTarget target) {
        this.target = target;
        chunk.atLeast(TreeDigest.CHUNK_BYTES);
    }

    /** Room for the next bytes, never none; they count when {@link #advance} is called. */
    ByteBuffer room() {
        return chunk.bytes();
    }

    /** Takes in what was put into {@link #room}. */
    void advance() throws IOException {
        if (!chunk.bytes().hasRemaining()) {
            flush();
        }
    }

    void write(byte[] bytes, int from, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, room().remaining());
            room().put(bytes, from + done, part);
            advance();
            done += part;
        }
    }

    /** Bytes taken in so far. */
    long length() {
        return offset + chunk.bytes().position();
    }

    void flush() throws IOException {
        int length = chunk.bytes().position();
        if (offset + length > FrameTable.MAX_RAW_BYTES) {
            throw new IOException("decodes to more than " + FrameTable.MAX_RAW_BYTES + " bytes, the most allowed");
        }
        if (length > 0) {
            target.hash(chunk.bytes(), length, offset);
            target.write(chunk, length, offset);
        }
        offset += length;
        chunk.bytes().clear();
    }

    @Override
    public void close() {
        chunk.close();
    }
}
