package dev.snapfork.memory;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Zstandard frames with content size and checksum.
 *
 * <p>The checksum is the low half of the content's XXH64, as RFC 8878 has it, which the caller knows. So the library is told
 * to make none, and to look for none, and the flag and the four bytes are put in here: that saves a pass over the content when
 * compressing, and one more when verifying or decoding.
 *
 * <p>Slow levels take seconds for a frame, so they are fed slice by slice, with a pause between two: for cancellation, and for those
 * who go first.
 */
record ZstdFrames() implements FrameCoder {
    private static final int DESCRIPTOR = Integer.BYTES;
    private static final byte CHECKSUM_FLAG = 0b100;
    private static final int CHECKSUM = Integer.BYTES;
    private static final int SHORTEST = DESCRIPTOR + 1 + CHECKSUM;
    private static final int FIRST_SLOW_LEVEL = 13;
    private static final int FAST_LEVEL = 1;
    /** A block of zstd, which takes 60 ms at level 19. */
    private static final int SLICE = 1 << 17;

    @Override
    public int bound(int rawBytes) {
        return Math.toIntExact(Zstd.compressBound(rawBytes)) + CHECKSUM;
    }

    @Override
    public int encode(Bench bench, int level, ByteBuffer source, int rawBytes, long hash, ByteBuffer target)
            throws IOException {
        int length;
        if (level < FIRST_SLOW_LEVEL) {
            length = compress(bench.zstdCompressor(level), source, 0, rawBytes, target);
        } else if (promise(bench, source, rawBytes, target)) {
            length = compressInSlices(bench, level, source, rawBytes, target);
        } else {
            length = compress(bench.zstdCompressor(FAST_LEVEL), source, 0, rawBytes, target);
        }
        ByteBuffer out = target.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
        out.put(DESCRIPTOR, (byte) (out.get(DESCRIPTOR) | CHECKSUM_FLAG));
        out.putInt(length, (int) hash);
        return length + CHECKSUM;
    }

    /** Makes the same frame as at once. */
    private static int compressInSlices(Bench bench, int level, ByteBuffer source, int rawBytes, ByteBuffer target)
            throws IOException {
        boolean complete = false;
        try {
            ZstdCompressCtx compressor = bench.zstdCompressor(level);
            compressor.setPledgedSrcSize(rawBytes);
            ByteBuffer in = source.duplicate().clear();
            ByteBuffer out = target.duplicate().clear();
            while (!complete) {
                long start = System.nanoTime();
                in.limit(Math.min(in.position() + SLICE, rawBytes));
                EndDirective directive = in.limit() == rawBytes ? EndDirective.END : EndDirective.CONTINUE;
                complete =
                        compressor.compressDirectByteBufferStream(out, in, directive) && directive == EndDirective.END;
                bench.pause(System.nanoTime() - start);
            }
            return out.position();
        } finally {
            if (!complete) {
                bench.dropZstdCompressor();
            }
        }
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
