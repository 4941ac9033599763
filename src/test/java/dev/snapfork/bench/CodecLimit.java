package dev.snapfork.bench;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import dev.snapfork.memory.Format;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/** A codec's library with a checksum over the content and nothing around it, for one thread. Buffers are direct. */
sealed interface CodecLimit extends AutoCloseable {
    static CodecLimit of(Format format) {
        return switch (format.codec()) {
            case ZSTD -> new ZstdLimit(format.level());
            case LZ4 -> new Lz4Limit(format.level());
        };
    }

    /** The most bytes that so many take compressed. */
    int bound(int bytes);

    /** Compresses a buffer from 0 to its capacity; returns the length of what came out. */
    int compress(ByteBuffer raw, ByteBuffer compressed);

    /** Decodes a buffer from 0 to its capacity into another, which that fills, and checks the content. */
    void decode(ByteBuffer compressed, ByteBuffer raw);

    @Override
    void close();

    /** zstd writes and checks its checksum itself. */
    final class ZstdLimit implements CodecLimit {
        private final ZstdCompressCtx compressor = new ZstdCompressCtx();
        private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();

        ZstdLimit(int level) {
            compressor.setLevel(level).setChecksum(true).setContentSize(true);
        }

        @Override
        public int bound(int bytes) {
            return Math.toIntExact(Zstd.compressBound(bytes));
        }

        @Override
        public int compress(ByteBuffer raw, ByteBuffer compressed) {
            return compressor.compressDirectByteBuffer(compressed, 0, compressed.capacity(), raw, 0, raw.capacity());
        }

        @Override
        public void decode(ByteBuffer compressed, ByteBuffer raw) {
            var decoded = decompressor.decompressDirectByteBuffer(
                    raw, 0, raw.capacity(), compressed, 0, compressed.capacity());
            if (decoded != raw.capacity()) {
                throw new IllegalStateException("decoded " + decoded + " bytes, not " + raw.capacity());
            }
        }

        @Override
        public void close() {
            compressor.close();
            decompressor.close();
        }
    }

    /** A block, and behind it the checksum that lz4's frames end with. */
    final class Lz4Limit implements CodecLimit {
        private static final int FIRST_THOROUGH_LEVEL = 3;

        private final XXHash32 hash = XXHashFactory.nativeInstance().hash32();
        private final LZ4SafeDecompressor decompressor =
                LZ4Factory.nativeInstance().safeDecompressor();
        private final LZ4Compressor compressor;

        Lz4Limit(int level) {
            var factory = LZ4Factory.nativeInstance();
            compressor = level < FIRST_THOROUGH_LEVEL ? factory.fastCompressor() : factory.highCompressor(level);
        }

        @Override
        public int bound(int bytes) {
            return compressor.maxCompressedLength(bytes) + Integer.BYTES;
        }

        @Override
        public int compress(ByteBuffer raw, ByteBuffer compressed) {
            var length =
                    compressor.compress(raw, 0, raw.capacity(), compressed, 0, compressed.capacity() - Integer.BYTES);
            compressed.putInt(length, hash.hash(raw, 0, raw.capacity(), 0));
            return length + Integer.BYTES;
        }

        @Override
        public void decode(ByteBuffer compressed, ByteBuffer raw) {
            var block = compressed.capacity() - Integer.BYTES;
            var decoded = decompressor.decompress(compressed, 0, block, raw, 0, raw.capacity());
            if (decoded != raw.capacity() || compressed.getInt(block) != hash.hash(raw, 0, decoded, 0)) {
                throw new IllegalStateException("decoded something else");
            }
        }

        @Override
        public void close() {}
    }
}
