package dev.snapfork.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Moving bytes on all processors, without looking at them. */
final class IoLimit implements Contender {
    private static final int PIECE = 1 << 20;
    private static final int PIECES = 256;

    private final String name;
    private final Contender work;

    private IoLimit(String name, Contender work) {
        this.name = name;
        this.work = work;
    }

    /** From memory to memory. */
    static IoLimit copying() {
        var from = full();
        var to = full();
        return new IoLimit(
                "copy",
                () -> AllCores.time(
                        PIECES, () -> new Piecework(number -> to.put(number * PIECE, from, number * PIECE, PIECE))));
    }

    /** From memory to a new file, with positional writes. */
    static IoLimit writing(Path target) {
        var from = full();
        return new IoLimit("pwrite", () -> {
            try (var out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                return AllCores.time(
                        PIECES,
                        () -> new Piecework(number -> {
                            var at = number * PIECE;
                            out.write(from.slice(at, PIECE), at);
                        }));
            } finally {
                Files.deleteIfExists(target);
            }
        });
    }

    /** Every page of it is there. */
    private static ByteBuffer full() {
        var buffer = ByteBuffer.allocateDirect(PIECE * PIECES);
        for (var at = 0; at < buffer.capacity(); at += Long.BYTES) {
            buffer.putLong(at, at);
        }
        return buffer;
    }

    private interface Move {
        void piece(int number) throws IOException;
    }

    private record Piecework(Move move) implements AllCores.Worker {
        @Override
        public void piece(int number) throws IOException {
            move.piece(number);
        }

        @Override
        public void close() {}
    }

    String name() {
        return name;
    }

    long bytes() {
        return (long) PIECE * PIECES;
    }

    @Override
    public Sample run() throws IOException {
        return work.run();
    }
}
