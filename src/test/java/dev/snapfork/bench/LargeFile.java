package dev.snapfork.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Random;

/** A file of 64 GiB with 4 GiB of data: an image's content again and again, a stretch in each 16 MiB, somewhere there. */
final class LargeFile {
    private static final int STRETCH = 1 << 20;
    private static final int STRETCHES = 4096;
    private static final long STRIDE = 16L << 20;
    private static final int PAGE = 4096;
    private static final long SEED = 20_26;

    private LargeFile() {}

    static void make(Image image, Path target) throws IOException {
        var random = new Random(SEED);
        var buffer = ByteBuffer.allocateDirect(STRETCH);
        try (var in = FileChannel.open(image.path());
                var file = new RandomAccessFile(target.toFile(), "rw")) {
            var from = 0L;
            for (var i = 0; i < STRETCHES; i++) {
                in.read(buffer.clear(), from);
                from = from + 2L * STRETCH > in.size() ? 0 : from + STRETCH;
                var page = random.nextInt((int) ((STRIDE - STRETCH) / PAGE));
                file.getChannel().write(buffer.flip(), i * STRIDE + (long) page * PAGE);
            }
            file.setLength(STRETCHES * STRIDE);
        }
    }
}
