package dev.snapfork.memory;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The digest of a file that many threads write in pieces. Whoever completes a chunk hashes it, reading it back while it is
 * still in memory; so nothing has to be read again when the file is complete and may have left memory.
 */
final class OutputDigest implements AutoCloseable {
    private static final int CHUNK = TreeDigest.CHUNK_BYTES;

    private final FileChannel file;
    private final TreeDigest.Builder hashes = new TreeDigest.Builder();
    private final Map<Long, Integer> begun = new HashMap<>();
    private final Queue<NativeBuffer> spare = new ConcurrentLinkedQueue<>();

    OutputDigest(FileChannel file) {
        this.file = file;
    }

    /** What of the file's chunks is complete, for those who keep note of it. */
    TreeDigest.Builder hashes() {
        return hashes;
    }

    /** Starts with a file that is there up to here, the hashes of whose complete chunks were added already. */
    synchronized void startAt(long end) {
        if (end % CHUNK != 0) {
            begun.put(end / CHUNK, (int) (end % CHUNK));
        }
    }

    /** Takes note of a piece that was written; each byte is to be written once. */
    void wrote(long offset, long length) throws IOException {
        long end = offset + length;
        for (long chunk = offset / CHUNK; chunk * CHUNK < end; chunk++) {
            long from = Math.max(offset, chunk * CHUNK);
            long to = Math.min(end, (chunk + 1) * CHUNK);
            if (completes(chunk, (int) (to - from))) {
                hashes.put(chunk, hash(chunk, CHUNK));
            }
        }
    }

    private synchronized boolean completes(long chunk, int bytes) {
        if (begun.merge(chunk, bytes, Integer::sum) < CHUNK) {
            return false;
        }
        begun.remove(chunk);
        return true;
    }

    /** The hash of the first bytes of a chunk. */
    long hash(long chunk, int length) throws IOException {
        NativeBuffer buffer = spare.poll();
        if (buffer == null) {
            buffer = new NativeBuffer();
        }
        try {
            ByteBuffer bytes = buffer.atLeast(CHUNK);
            PositionalIo.read(file, bytes, length, chunk * CHUNK);
            return TreeDigest.hash(bytes, 0, length);
        } finally {
            spare.add(buffer);
        }
    }

    /** The digest of the file, which has this length and is complete. */
    ContentDigest finish(long length) throws IOException {
        if (length % CHUNK != 0) {
            hashes.put(length / CHUNK, hash(length / CHUNK, (int) (length % CHUNK)));
        }
        return hashes.build(length);
    }

    /** Frees memory; no call may be going on or follow. */
    @Override
    public void close() {
        spare.forEach(NativeBuffer::close);
        spare.clear();
    }
}
