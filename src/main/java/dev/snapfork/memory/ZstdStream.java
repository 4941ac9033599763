package dev.snapfork.memory;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Zstandard frames of any kind with windows up to 128 MiB, the limit of the tool {@code zstd -d} too. */
record ZstdStream() implements StreamDecoder {
    @Override
    public void decode(FrameInput input, ChunkedOutput output, JobControl job) throws IOException {
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            boolean betweenFrames = true;
            while (!(betweenFrames && input.atEnd())) {
                job.check();
                betweenFrames = step(context, input, output);
                job.advanceTo(input.offset());
            }
        } catch (ZstdException e) {
            // Streaming calls report the code negated.
            if (Math.abs(e.getErrorCode()) == Zstd.errFrameParameterWindowTooLarge()) {
                throw new IOException("needs a window of more than 128 MiB, which is not supported", e);
            }
            throw new CorruptMemoryException(input.offset(), "no valid zstd frame: " + e.getMessage());
        }
    }

    /** Returns whether a frame ended just here. */
    private static boolean step(ZstdDecompressCtx context, FrameInput input, ChunkedOutput output) throws IOException {
        ByteBuffer source = input.ahead();
        ByteBuffer target = output.room();
        int sourceBefore = source.position();
        int targetBefore = target.position();
        boolean frameEnded = context.decompressDirectByteBufferStream(target, source);
        boolean nothing = source.position() == sourceBefore && target.position() == targetBefore;
        output.advance();
        if (nothing && !frameEnded) {
            throw input.cutOff();
        }
        return frameEnded;
    }
}
