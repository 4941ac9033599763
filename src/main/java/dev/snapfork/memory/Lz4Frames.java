package dev.snapfork.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * LZ4 frames of one block, with content size and content checksum. There are no block checksums: with them the tool
 * {@code lz4} 1.9.4 fails on concatenated frames.
 */
record Lz4Frames() implements FrameCoder {
    static final int MAGIC = 0x184D2204;
    static final int STORED = 0x8000_0000;
    static final LZ4Factory LZ4 = fastest();
    static final XXHashFactory XXH = fastestHashes();
    static final XXHash32 XXH32 = XXH.hash32();
    static final LZ4SafeDecompressor DECOMPRESSOR = LZ4.safeDecompressor();

    private static final byte FLAGS = 0b0110_1100; // version 1, independent blocks, content size, content checksum
    private static final int HEADER = 15;
    private static final int BLOCK = HEADER + Integer.BYTES;
    private static final int TRAILER = 2 * Integer.BYTES; // end mark, content checksum
    private static final int FAST_LEVEL = 0;
    private static final int FIRST_THOROUGH_LEVEL = 3;

    @Override
    public int bound(int rawBytes) {
        return BLOCK + compressor(0).maxCompressedLength(rawBytes) + TRAILER;
    }

    @Override
    public int encode(Bench bench, int level, ByteBuffer source, int rawBytes, long hash, ByteBuffer target) {
        ByteBuffer out = target.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
        writeHeader(out, rawBytes);
        int end = HEADER;
        if (rawBytes > 0) {
            int worthwhile = level < FIRST_THOROUGH_LEVEL || promise(source, rawBytes, target) ? level : FAST_LEVEL;
            int size = compress(worthwhile, source, 0, rawBytes, target);
            if (size < rawBytes) {
                out.putInt(HEADER, size);
            } else {
                size = rawBytes;
                out.putInt(HEADER, size | STORED);
                out.put(BLOCK, source, 0, rawBytes);
            }
            end = BLOCK + size;
        }
        out.putInt(end, 0);
        out.putInt(end + Integer.BYTES, XXH32.hash(source, 0, rawBytes, 0));
        return end + TRAILER;
    }

    private static boolean promise(ByteBuffer source, int rawBytes, ByteBuffer target) {
        return Samples.promise(rawBytes, (offset, length) -> compress(FAST_LEVEL, source, offset, length, target));
    }

    /** Puts the block behind the place for the frame's header. */
    private static int compress(int level, ByteBuffer source, int offset, int length, ByteBuffer target) {
        LZ4Compressor compressor = compressor(level);
        return compressor.compress(source, offset, length, target, BLOCK, compressor.maxCompressedLength(length));
    }

    @Override
    public boolean decode(Bench bench, ByteBuffer source, int offset, int length, ByteBuffer target, int rawBytes) {
        ByteBuffer in = source.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        writeHeader(header, rawBytes);
        if (length < HEADER + TRAILER || !in.slice(offset, HEADER).equals(header.clear())) {
            return false;
        }
        int end = offset + length - TRAILER;
        return decodeBlock(in, offset + HEADER, end, target, rawBytes) && in.getInt(end) == 0;
    }

    @Override
    public boolean intact(ByteBuffer source, int offset, int length, ByteBuffer content, int rawBytes, long hash) {
        ByteBuffer in = source.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
        return in.getInt(offset + length - Integer.BYTES) == XXH32.hash(content, 0, rawBytes, 0);
    }

    private static boolean decodeBlock(ByteBuffer in, int from, int end, ByteBuffer target, int rawBytes) {
        if (rawBytes == 0) {
            return from == end;
        }
        int start = from + Integer.BYTES;
        if (start > end) {
            return false;
        }
        int word = in.getInt(from);
        int size = word & ~STORED;
        if (size != end - start) {
            return false;
        }
        if (word < 0) {
            if (size != rawBytes) {
                return false;
            }
            target.put(0, in, start, size);
            return true;
        }
        try {
            return DECOMPRESSOR.decompress(in, start, size, target, 0, rawBytes) == rawBytes;
        } catch (LZ4Exception damaged) {
            return false;
        }
    }

    private static void writeHeader(ByteBuffer out, int rawBytes) {
        byte[] descriptor = new byte[10];
        ByteBuffer.wrap(descriptor)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(FLAGS)
                .put((byte) (rawBytes <= 1 << 20 ? 6 << 4 : 7 << 4))
                .putLong(rawBytes);
        out.putInt(0, MAGIC);
        out.put(Integer.BYTES, descriptor);
        out.put(HEADER - 1, (byte) (XXH32.hash(descriptor, 0, descriptor.length, 0) >> 8));
    }

    private static LZ4Compressor compressor(int level) {
        return level < FIRST_THOROUGH_LEVEL ? LZ4.fastCompressor() : LZ4.highCompressor(level);
    }

    /**
     * The native code wherever it can be loaded. Asked for the fastest, the library looks no further than Java unless its class
     * loader is the system's, which in the packaged service it is not; that takes twice the time, decoding five times.
     */
    private static LZ4Factory fastest() {
        try {
            return LZ4Factory.nativeInstance();
        } catch (AssertionError | LinkageError notLoaded) {
            return LZ4Factory.fastestJavaInstance();
        }
    }

    private static XXHashFactory fastestHashes() {
        try {
            return XXHashFactory.nativeInstance();
        } catch (AssertionError | LinkageError notLoaded) {
            return XXHashFactory.fastestJavaInstance();
        }
    }
}
