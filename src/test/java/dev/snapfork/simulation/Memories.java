package dev.snapfork.simulation;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Machines whose memory is small, and different each time. */
final class Memories {
    static final String MEMORY = "snapshots/snapshot-latest/memory-ranges";
    private static final int BYTES = 64 << 10;
    private static final int PIECE = 4 << 10;

    private Memories() {}

    /** A directory as a machine in standby leaves it; returns its memory's digest. */
    static ContentDigest standby(Path directory, long seed) throws IOException {
        stopped(directory, seed);
        Files.createDirectories(directory.resolve(MEMORY).resolveSibling(""));
        Files.writeString(directory.resolve(MEMORY).resolveSibling("state.json"), "{}");
        return write(directory.resolve(MEMORY), seed);
    }

    static void stopped(Path directory, long seed) throws IOException {
        Files.writeString(Files.createDirectories(directory).resolve("overlay.raw"), "disk " + seed);
    }

    /** Two pieces of data that compress a little, with a hole between them. */
    static ContentDigest write(Path file, long seed) throws IOException {
        var random = new Random(seed);
        var piece = new byte[PIECE];
        Files.deleteIfExists(file);
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (var offset : new int[] {0, BYTES - PIECE}) {
                random.nextBytes(piece);
                for (var i = 0; i < piece.length; i++) {
                    piece[i] &= 0x3f;
                }
                channel.write(ByteBuffer.wrap(piece), offset);
            }
        }
        return TreeDigest.of(file);
    }
}
