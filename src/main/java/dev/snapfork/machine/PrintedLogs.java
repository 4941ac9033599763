package dev.snapfork.machine;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.snapfork.file.SparseFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps what guests and monitors print within bounds. A guest may print for as long as it runs, onto the disk that all machines and
 * snapshots share.
 */
final class PrintedLogs {
    /** Between two looks a guest can print more, but not much. */
    static final long LARGEST = 8 << 20;

    static final long KEPT = 1 << 20;
    private static final String EARLIER = ".1";

    private PrintedLogs() {}

    /** Empties the logs in the directory that have grown too large; the end of what each held is kept beside it. */
    static void bound(Path directory) throws IOException {
        if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
            return;
        }
        try (var logs = Files.newDirectoryStream(directory, "*.log")) {
            for (var log : logs) {
                // not its size: one who does not append leaves a hole where the file was emptied
                if (Files.isRegularFile(log, NOFOLLOW_LINKS) && SparseFile.allocatedBytes(log) > LARGEST) {
                    empty(log);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Whoever prints has the file open, so that it cannot be replaced by another. */
    private static void empty(Path log) throws IOException {
        try (var file = FileChannel.open(log, READ, WRITE, NOFOLLOW_LINKS)) {
            try {
                keepEnd(file, log.resolveSibling(log.getFileName() + EARLIER));
            } finally {
                // also on a disk that is full already
                file.truncate(0);
            }
        }
    }

    private static void keepEnd(FileChannel file, Path earlier) throws IOException {
        try (var kept = FileChannel.open(earlier, CREATE, WRITE, TRUNCATE_EXISTING, NOFOLLOW_LINKS)) {
            file.transferTo(Math.max(0, file.size() - KEPT), KEPT, kept);
        }
    }
}
