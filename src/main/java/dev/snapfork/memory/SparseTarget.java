package dev.snapfork.memory;

import dev.snapfork.file.TreeDigest;
import dev.snapfork.file.WriteBack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The decoded file: pages of zeros stay holes, and the digest grows with what is written. Used by many threads. */
final class SparseTarget {
    private static final int PAGE = 4096;

    private final @Nullable FileChannel file;
    private final @Nullable WriteBack writeBack;
    private final TreeDigest.Builder digest = new TreeDigest.Builder();
    private final AtomicLong written = new AtomicLong();

    /**
     * @param file null if only the digest is wanted
     * @param writeBack of the file if it is going to be synced, else null
     */
    SparseTarget(@Nullable FileChannel file, @Nullable WriteBack writeBack) {
        this.file = file;
        this.writeBack = writeBack;
    }

    /**
     * Takes what is to be written into the digest.
     *
     * @param offset a multiple of the digest's chunk
     * @return XXH64 (seed 0) of {@code [0, length)} of the buffer
     */
    long hash(ByteBuffer bytes, int length, long offset) {
        long hash = TreeDigest.hash(bytes, 0, length);
        digest.putAll(offset / TreeDigest.CHUNK_BYTES, bytes, length, hash);
        return hash;
    }

    /** Writes {@code [0, length)} of the buffer; a page of zeros becomes a hole if it lies on a page's boundary. */
    void write(NativeBuffer buffer, int length, long offset) throws IOException {
        ByteBuffer bytes = buffer.bytes();
        int dataFrom = -1;
        for (int at = 0; at < length; at += PAGE) {
            boolean zero = buffer.isZero(at, Math.min(at + PAGE, length));
            if (zero && dataFrom >= 0) {
                writeData(bytes, dataFrom, at, offset);
                dataFrom = -1;
            } else if (!zero && dataFrom < 0) {
                dataFrom = at;
            }
        }
        if (dataFrom >= 0) {
            writeData(bytes, dataFrom, length, offset);
        }
        if (writeBack != null) {
            writeBack.start(offset, length);
        }
    }

    private void writeData(ByteBuffer bytes, int from, int to, long offset) throws IOException {
        if (file != null) {
            PositionalIo.write(file, bytes, from, to, offset + from);
        }
        written.addAndGet(to - from);
    }

    /** Leaves {@code [offset, offset + length)} a hole; the offset is a multiple of the digest's chunk. */
    void skip(long offset, int length) {
        digest.putZeros(offset / TreeDigest.CHUNK_BYTES, TreeDigest.chunks(length), offset + length);
    }

    Decoded finish(long length) {
        return new Decoded(length, written.get(), digest.build(length));
    }
}
