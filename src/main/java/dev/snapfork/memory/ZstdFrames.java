package dev.snapfork.memory;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Zstandard frames with content size and checksum.
 *
 * <p>The checksum is the low half of the content's XXH64, as RFC 8878 has it, which the caller knows. So the library is told
 * to make none, and to look for none, and the flag and the four bytes are put in here: that saves a pass over the content when
 * compressing, and one more when verifying or decoding.
 */
record ZstdFrames() implements FrameCoder {
    private static final int DESCRIPTOR = Integer.BYTES;
    private static final byte CHECKSUM_FLAG = 0b100;
    private static final int CHECKSUM = Integer.BYTES;
    private static final int SHORTEST = DESCRIPTOR + 1 + CHECKSUM;
    private static final int FIRST_SLOW_LEVEL = 13;
    private static final int FAST_LEVEL = 1;

    @Override
    public int bound(int rawBytes) {
        return Math.toIntExact(Zstd.compressBound(rawBytes)) + CHECKSUM;
    }

    @Override
    public int encode(Bench bench, int level, ByteBuffer source, int rawBytes, long hash, ByteBuffer target) {
        int worthwhile = level < FIRST_SLOW_LEVEL || promise(bench, source, rawBytes, target) ? level : FAST_LEVEL;
        int length = compress(bench.zstdCompressor(worthwhile), source, 0, rawBytes, target);
        ByteBuffer out = target.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
        out.put(DESCRIPTOR, (byte) (out.get(DESCRIPTOR) | CHECKSUM_FLAG));
        out.putInt(length, (int) hash);
        return length + CHECKSUM;
    }

    private static boolean promise(Bench bench, ByteBuffer source, int rawBytes, ByteBuffer target) {
        return Samples.promise(
                rawBytes,
                (offset, length) -> compress(bench.zstdCompressor(FAST_LEVEL), source, offset, length, target));
    }

    private static int compress(
            ZstdCompressCtx compressor, ByteBuffer source, int offset, int length, ByteBuffer target) {
        return compressor.compressDirectByteBuffer(target, 0, target.capacity(), source, offset, length);
    }

    @Override
    public boolean decode(Bench bench, ByteBuffer source, int offset, int length, ByteBuffer target, int rawBytes) {
        if (length < SHORTEST) {
            return false;
        }
        byte descriptor = source.get(offset + DESCRIPTOR);
        if ((descriptor & CHECKSUM_FLAG) == 0) {
            return false;
        }
        source.put(offset + DESCRIPTOR, (byte) (descriptor & ~CHECKSUM_FLAG));
        try {
            return bench.zstdDecompressor()
                            .decompressDirectByteBuffer(target, 0, rawBytes, source, offset, length - CHECKSUM)
                    == rawBytes;
        } catch (ZstdException damaged) {
            return false;
        } finally {
            source.put(offset + DESCRIPTOR, descriptor);
        }
    }

    @Override
    public boolean intact(ByteBuffer source, int offset, int length, ByteBuffer content, int rawBytes, long hash) {
        return source.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear().getInt(offset + length - CHECKSUM)
                == (int) hash;
    }
}
