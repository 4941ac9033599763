package dev.snapfork.bench;

import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file in memory, cut as the codec cuts it, without the chunks that are all zero, beside what each is compressed.
 *
 * @param raw direct buffers, full
 * @param compressed direct buffers, full
 */
record Chunks(List<ByteBuffer> raw, List<ByteBuffer> compressed) {
    private static final int MEBIBYTE = 1 << 20;
    private static final int FIRST_LEVEL_WITH_LARGE_FRAMES = 4;

    static Chunks of(Path file, Format format) throws IOException {
        var raw = new ArrayList<ByteBuffer>();
        var compressed = new ArrayList<ByteBuffer>();
        try (var codec = CodecLimit.of(format);
                var in = FileChannel.open(file)) {
            var step = size(format);
            for (var at = 0L; at < in.size(); at += step) {
                var chunk = ByteBuffer.allocateDirect((int) Math.min(step, in.size() - at));
                var from = at;
                while (chunk.hasRemaining()) {
                    from += in.read(chunk, from);
                }
                if (!isZero(chunk.flip())) {
                    raw.add(chunk);
                }
            }
            for (var chunk : raw) {
                var whole = ByteBuffer.allocateDirect(codec.bound(chunk.capacity()));
                var length = codec.compress(chunk, whole);
                compressed.add(ByteBuffer.allocateDirect(length).put(0, whole, 0, length));
            }
            return new Chunks(raw, compressed);
        }
    }

    private static int size(Format format) {
        return format.codec() == Codec.ZSTD && format.level() >= FIRST_LEVEL_WITH_LARGE_FRAMES
                ? 4 * MEBIBYTE
                : MEBIBYTE;
    }

    private static boolean isZero(ByteBuffer chunk) {
        return chunk.mismatch(ByteBuffer.allocate(chunk.remaining())) < 0;
    }

    long bytes() {
        return raw.stream().mapToLong(ByteBuffer::capacity).sum();
    }

    /** Compresses them all on all processors. */
    Contender compressing(Format format) {
        return () -> AllCores.time(raw.size(), () -> new Coding(format) {
            @Override
            public void piece(int number) {
                codec.compress(raw.get(number), buffer);
            }
        });
    }

    /** Decodes them all on all processors. */
    Contender decoding(Format format) {
        return () -> AllCores.time(raw.size(), () -> new Coding(format) {
            @Override
            public void piece(int number) {
                var target = buffer.slice(0, raw.get(number).capacity());
                codec.decode(compressed.get(number), target);
            }
        });
    }

    /** A codec and a buffer that is large enough for either direction. */
    private abstract static class Coding implements AllCores.Worker {
        final CodecLimit codec;
        final ByteBuffer buffer;

        Coding(Format format) {
            codec = CodecLimit.of(format);
            buffer = ByteBuffer.allocateDirect(codec.bound(size(format)));
        }

        @Override
        public void close() {
            codec.close();
        }
    }
}
