package dev.snapfork.memory;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import org.jspecify.annotations.Nullable;

/** What one working thread needs to code a frame, kept from frame to frame: buffers and native contexts. */
final class Bench implements AutoCloseable {
    private final NativeBuffer raw = new NativeBuffer();
    private final NativeBuffer check = new NativeBuffer();
    private @Nullable ZstdCompressCtx compressor;
    private @Nullable ZstdDecompressCtx decompressor;

    /** Holds a frame's raw bytes. */
    NativeBuffer raw() {
        return raw;
    }

    /** Holds what a frame decodes to, for comparison. */
    NativeBuffer check() {
        return check;
    }

    ZstdCompressCtx zstdCompressor(int level) {
        ZstdCompressCtx context = compressor;
        if (context == null) {
            context = new ZstdCompressCtx();
            context.setChecksum(false).setContentSize(true);
            compressor = context;
        }
        return context.setLevel(level);
    }

    ZstdDecompressCtx zstdDecompressor() {
        ZstdDecompressCtx context = decompressor;
        if (context == null) {
            context = new ZstdDecompressCtx();
            decompressor = context;
        }
        return context;
    }

    @Override
    public void close() {
        raw.close();
        check.close();
        if (compressor != null) {
            compressor.close();
        }
        if (decompressor != null) {
            decompressor.close();
        }
    }
}
