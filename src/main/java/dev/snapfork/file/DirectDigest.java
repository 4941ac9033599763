package dev.snapfork.file;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The digest of a file as the disk holds it. The page cache is passed by where the file system allows that: so the disk is really
 * read, and what others have in the cache stays there. One thread, one buffer of 1 MiB.
 */
public final class DirectDigest {
    private static final int CHUNK = TreeDigest.CHUNK_BYTES;
    private static final int BLOCK = 4096;

    private final Descriptor file;
    private final MemorySegment memory;
    private final ByteBuffer buffer;

    private DirectDigest(Descriptor file, MemorySegment memory) {
        this.file = file;
        this.memory = memory;
        this.buffer = memory.asByteBuffer();
    }

    /** Asked before each chunk is read. */
    public interface Gate {
        /**
         * May wait before so many bytes are read, and ends the reading by throwing.
         *
         * @param bytes 1 to {@link TreeDigest#CHUNK_BYTES}
         */
        void pass(int bytes) throws IOException;
    }

    /**
     * Reads the file; holes are not read.
     *
     * @throws EOFException if it became shorter meanwhile
     * @throws IOException if it cannot be read or is a symbolic link
     */
    public static ContentDigest of(Path path, Gate gate) throws IOException {
        try (DataExtents extents = DataExtents.open(path);
                Descriptor file = Descriptor.readDirect(path);
                Arena arena = Arena.ofConfined()) {
            return new DirectDigest(file, arena.allocate(CHUNK, BLOCK)).read(extents, gate);
        }
    }

    private ContentDigest read(DataExtents extents, Gate gate) throws IOException {
        TreeDigest.Builder builder = new TreeDigest.Builder();
        long length = extents.length();
        long next = 0;
        for (Extent extent = extents.next(); extent != null; extent = extents.next()) {
            long first = Math.max(next, extent.offset() / CHUNK);
            long last = (extent.end() - 1) / CHUNK;
            builder.putZeros(next, Math.max(0, first - next), length);
            for (long index = first; index <= last; index++) {
                int size = (int) Math.min(CHUNK, length - index * CHUNK);
                gate.pass(size);
                read(index * CHUNK, size);
                builder.put(index, TreeDigest.hash(buffer, 0, size));
            }
            next = Math.max(next, last + 1);
        }
        builder.putZeros(next, TreeDigest.chunks(length) - next, length);
        return builder.build(length);
    }

    /** Fills the buffer from its start. Reads whole blocks, as the disk has nothing else: at the file's end fewer bytes come. */
    private void read(long offset, int size) throws IOException {
        for (int done = 0; done < size; ) {
            // after a short read the block that was cut is read again
            int from = done - done % BLOCK;
            int got = file.read(memory.asSlice(from), CHUNK - from, offset + from);
            if (from + got <= done) {
                throw new EOFException("the file became shorter while it was read");
            }
            done = from + got;
        }
    }
}
