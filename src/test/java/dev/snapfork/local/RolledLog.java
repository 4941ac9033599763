package dev.snapfork.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A log file and the one before it, {@code .1}: begun anew at each start and when it reaches its bound. */
final class RolledLog implements AutoCloseable {
    private final Path file;
    private final long bound;
    private long length;
    private OutputStream out;

    private RolledLog(Path file, long bound, OutputStream out) {
        this.file = file;
        this.bound = bound;
        this.out = out;
    }

    /** @param bound in bytes, for each of the two files */
    static RolledLog open(Path file, long bound) throws IOException {
        return new RolledLog(file, bound, begin(file));
    }

    private static OutputStream begin(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.newOutputStream(file);
    }

    void line(String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        if (length + bytes.length > bound) {
            out.close();
            out = begin(file);
            length = 0;
        }
        out.write(bytes);
        length += bytes.length;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
