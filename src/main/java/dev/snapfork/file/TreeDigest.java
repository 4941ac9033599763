package dev.snapfork.file;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Set;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The digest of payload files: XXH64 (seed 0) of each 1 MiB chunk, and over the file's length and these hashes (8 bytes
 * each, little endian) SHA-256. Chunks can be hashed in any order and by many threads; holes cost nothing. It detects
 * damage; as XXH64 is no cryptographic hash it does not withstand forgery.
 */
public final class TreeDigest {
    /** Bytes in a chunk; the last one of a file may be shorter. */
    public static final int CHUNK_BYTES = 1 << 20;

    static final XXHashFactory XXH = fastest();
    private static final XXHash64 XXH64 = XXH.hash64();
    private static final long ZERO_CHUNK = XXH64.hash(new byte[CHUNK_BYTES], 0, CHUNK_BYTES, 0);

    private TreeDigest() {}

    /** The library itself tries its native code only where its class loader is the system's. */
    private static XXHashFactory fastest() {
        try {
            return XXHashFactory.nativeInstance();
        } catch (AssertionError | LinkageError notLoaded) {
            return XXHashFactory.fastestJavaInstance();
        }
    }

    /**
     * The digest of a file. Reads only chunks that hold data.
     *
     * @throws IOException if the file cannot be read, is a symbolic link, or became shorter meanwhile
     */
    public static ContentDigest of(Path path) throws IOException {
        Builder builder = new Builder();
        try (DataExtents extents = DataExtents.open(path);
                FileChannel channel =
                        FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                Arena arena = Arena.ofConfined()) {
            ByteBuffer buffer = arena.allocate(CHUNK_BYTES).asByteBuffer();
            long length = extents.length();
            long next = 0;
            for (Extent extent = extents.next(); extent != null; extent = extents.next()) {
                long last = (extent.end() - 1) / CHUNK_BYTES;
                long first = Math.max(next, extent.offset() / CHUNK_BYTES);
                builder.putZeros(next, Math.max(0, first - next), length);
                for (long index = first; index <= last; index++) {
                    int size = read(channel, buffer, index, length);
                    builder.put(index, hash(buffer, 0, size));
                }
                next = Math.max(next, last + 1);
            }
            builder.putZeros(next, chunks(length) - next, length);
            return builder.build(length);
        }
    }

    /** The number of chunks of a file of so many bytes. */
    public static long chunks(long length) {
        return Math.ceilDiv(length, CHUNK_BYTES);
    }

    /** The hash of one chunk, the bytes {@code [offset, offset + length)} of the buffer, whatever its position. */
    public static long hash(ByteBuffer buffer, int offset, int length) {
        return XXH64.hash(buffer, offset, length, 0);
    }

    /** The hash of a chunk of zeros, of 1 to {@link #CHUNK_BYTES} bytes. */
    public static long zeroHash(int length) {
        return length == CHUNK_BYTES ? ZERO_CHUNK : XXH64.hash(new byte[length], 0, length, 0);
    }

    private static int read(FileChannel channel, ByteBuffer buffer, long index, long length) throws IOException {
        long start = index * CHUNK_BYTES;
        int size = (int) Math.min(CHUNK_BYTES, length - start);
        buffer.clear().limit(size);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, start + buffer.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return size;
    }

    /** Collects chunk hashes in any order, from any thread; takes 8 bytes a chunk. */
    public static final class Builder {
        private final BitSet present = new BitSet();
        private long[] hashes = new long[16];

        /**
         * Adds the hash of chunk {@code index}.
         *
         * @throws IllegalStateException if that chunk was added before
         */
        public synchronized void put(long index, long hash) {
            int at = Math.toIntExact(index);
            if (present.get(at)) {
                throw new IllegalStateException("chunk " + index + " was hashed twice");
            }
            if (at >= hashes.length) {
                hashes = Arrays.copyOf(hashes, Math.max(at + 1, hashes.length + (hashes.length >> 1)));
            }
            present.set(at);
            hashes[at] = hash;
        }

        /**
         * Adds the chunks of {@code [0, length)} of the buffer, from {@code index} on.
         *
         * @param whole the hash of all of it, which for a single chunk is not computed again
         */
        public void putAll(long index, ByteBuffer bytes, int length, long whole) {
            if (length <= CHUNK_BYTES) {
                put(index, whole);
                return;
            }
            for (int at = 0; at < length; at += CHUNK_BYTES) {
                put(index + at / CHUNK_BYTES, hash(bytes, at, Math.min(CHUNK_BYTES, length - at)));
            }
        }

        /**
         * The hash of a chunk that was added.
         *
         * @throws IllegalStateException if it was not
         */
        public synchronized long get(long index) {
            int at = Math.toIntExact(index);
            if (!present.get(at)) {
                throw new IllegalStateException("chunk " + index + " was not hashed");
            }
            return hashes[at];
        }

        /** Adds chunks of zeros from {@code index} on, the file's last one at its own length. */
        public synchronized void putZeros(long index, long count, long fileLength) {
            for (long at = index; at < index + count; at++) {
                put(at, zeroHash((int) Math.min(CHUNK_BYTES, fileLength - at * CHUNK_BYTES)));
            }
        }

        /**
         * The digest of a file of this length.
         *
         * @throws IllegalStateException unless exactly the chunks of such a file were added
         */
        public synchronized ContentDigest build(long fileLength) {
            long chunks = chunks(fileLength);
            if (present.cardinality() != chunks || present.length() != chunks) {
                throw new IllegalStateException(
                        present.cardinality() + " chunks were hashed of a file that has " + chunks);
            }
            MessageDigest root = sha256();
            ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            root.update(word.putLong(0, fileLength).array());
            for (int at = 0; at < chunks; at++) {
                root.update(word.putLong(0, hashes[at]).array());
            }
            return new ContentDigest(ContentDigest.PREFIX + HexFormat.of().formatHex(root.digest()));
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java platform has SHA-256", impossible);
            }
        }
    }
}
