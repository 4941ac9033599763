package dev.snapfork.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Writes files that look like a guest's memory: runs of pages out of a real program, far apart in holes. The same seed gives the same
 * file on one JDK.
 */
final class MemoryImage {
    private static final int PAGE = 4096;
    private static final int RUN = 32 * PAGE;
    private static final Path PAGES = Path.of(System.getProperty("java.home"), "lib", "modules");

    private MemoryImage() {}

    /**
     * @param bytes apparent size
     * @param oneIn one of so many stretches holds data
     */
    static void write(Path file, long bytes, int oneIn, long seed) throws IOException {
        var random = new Random(seed);
        try (var source = FileChannel.open(PAGES);
                var target = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.allocate(RUN);
            for (var offset = 0L; offset + RUN <= bytes; offset += RUN) {
                if (offset == 0 || random.nextInt(oneIn) == 0) {
                    buffer.clear();
                    read(source, buffer, random.nextLong(source.size() - RUN));
                    target.write(buffer.flip(), offset);
                }
            }
            // one byte and not a longer write, so that the end is a hole but for its last page
            target.write(ByteBuffer.wrap(new byte[] {7}), bytes - 1);
        }
    }

    private static void read(FileChannel source, ByteBuffer buffer, long at) throws IOException {
        for (var position = at; buffer.hasRemaining(); ) {
            position += source.read(buffer, position);
        }
    }
}
