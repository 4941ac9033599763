package dev.snapfork.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Directories for tests that do the same work hundreds of times: in memory where there is such a filesystem. */
final class Disks {
    private static final Path MEMORY = Path.of("/dev/shm");

    private Disks() {}

    interface Use {
        void of(Path directory) throws Exception;
    }

    static void withFresh(Use use) throws Exception {
        var directory = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "snapfork-")
                : Files.createTempDirectory("snapfork-");
        try {
            use.of(directory);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(entry -> {
                try {
                    Files.deleteIfExists(entry);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
