package dev.snapfork.memory;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/** Zstandard frames with content size and checksum. */
record ZstdFrames() implements FrameCoder {
    @Override
    public int bound(int rawBytes) {
        return Math.toIntExact(Zstd.compressBound(rawBytes));
    }

    @Override
    public int encode(Bench bench, int level, ByteBuffer source, int rawBytes, ByteBuffer target) {
        return bench.zstdCompressor(level).compressDirectByteBuffer(target, 0, target.capacity(), source, 0, rawBytes);
    }

    @Override
    public boolean decode(Bench bench, ByteBuffer source, int offset, int length, ByteBuffer target, int rawBytes) {
        try {
            return bench.zstdDecompressor().decompressDirectByteBuffer(target, 0, rawBytes, source, offset, length)
                    == rawBytes;
        } catch (ZstdException damaged) {
            return false;
        }
    }
}
