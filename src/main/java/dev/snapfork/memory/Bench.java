package dev.snapfork.memory;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What one working thread needs to code a frame, kept from frame to frame: buffers and native contexts. */
final class Bench implements AutoCloseable {
    private final NativeBuffer raw = new NativeBuffer();
    private final NativeBuffer check = new NativeBuffer();
    private Pause pause = worked -> {};
    private @Nullable Bench second;
    private @Nullable ZstdCompressCtx compressor;
    private @Nullable ZstdDecompressCtx decompressor;

    /** What others may want of the thread in the midst of a frame. */
    interface Pause {
        /**
         * Does it.
         *
         * @param workedNanos since the last pause
         * @throws IOException if the frame is not wanted any more
         */
        void make(long workedNanos) throws IOException;
    }

    /** What {@link #pause} does from now on. */
    void pausing(Pause next) {
        pause = next;
    }

    /** Pauses in work that takes long; may throw whatever ends a job. */
    void pause(long workedNanos) throws IOException {
        pause.make(workedNanos);
    }

    /** Another one for the same thread, for what it does in the midst of something. */
    Bench second() {
        Bench other = second;
        if (other == null) {
            other = new Bench();
            second = other;
        }
        return other;
    }

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

    /** Frees the context, in which half a frame may lie; the next one is new. */
    void dropZstdCompressor() {
        if (compressor != null) {
            compressor.close();
            compressor = null;
        }
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
        dropZstdCompressor();
        if (second != null) {
            second.close();
        }
        if (decompressor != null) {
            decompressor.close();
        }
    }
}
