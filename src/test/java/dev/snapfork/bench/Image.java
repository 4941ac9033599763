package dev.snapfork.bench;

import dev.snapfork.file.DataExtents;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The memory of a machine in a file.
 *
 * @param name the part of rows' ids that stands for it
 */
record Image(String name, Path path) {
    /** What the idle guest is called. */
    static final String IDLE = "idle";

    /** What the busy guest is called. */
    static final String BUSY = "busy";

    long bytes() throws IOException {
        return Files.size(path);
    }

    /** The bytes that the file system has allocated to a file. */
    static long allocated(Path file) throws IOException {
        return Long.parseLong(
                        Command.of("stat", "-c", "%b", file.toString()).run().strip())
                * 512;
    }

    /** Its beginning in a file of its own with the same holes; itself when it is no longer than that. */
    Image slice(long length, Path target) throws IOException {
        if (bytes() <= length) {
            return this;
        }
        try (var extents = DataExtents.open(path);
                var in = FileChannel.open(path);
                var out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (var extent = extents.next(); extent != null && extent.offset() < length; extent = extents.next()) {
                copy(in, out, extent.offset(), Math.min(extent.end(), length));
            }
        }
        try (var file = new RandomAccessFile(target.toFile(), "rw")) {
            file.setLength(length);
        }
        return new Image(name, target);
    }

    private static void copy(FileChannel in, FileChannel out, long from, long to) throws IOException {
        out.position(from);
        for (var at = from; at < to; ) {
            at += in.transferTo(at, to - at, out);
        }
    }
}
