package dev.snapfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolledLogTest {
    private final Path directory;

    RolledLogTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void neitherFileOutgrowsTheBound() throws Exception {
        Path file = directory.resolve("log");
        try (RolledLog log = RolledLog.open(file, 100)) {
            for (int line = 0; line < 50; line++) {
                log.line("line number " + line);
            }
        }

        assertThat(Files.size(file)).isBetween(1L, 100L);
        assertThat(Files.size(directory.resolve("log.1"))).isBetween(1L, 100L);
        assertThat(Files.readString(file)).endsWith("line number 49\n");
    }

    @Test
    void theLogOfTheLastRunIsKeptBesideTheNewOne() throws Exception {
        Path file = directory.resolve("log");
        try (RolledLog log = RolledLog.open(file, 100)) {
            log.line("first run");
        }

        RolledLog.open(file, 100).close();

        assertThat(file).isEmptyFile();
        assertThat(directory.resolve("log.1")).hasContent("first run");
    }
}
