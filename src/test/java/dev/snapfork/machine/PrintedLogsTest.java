package dev.snapfork.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrintedLogsTest {
    private static final byte[] TOO_MUCH =
            "a line that is printed\n".repeat(400_000).getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory = Path.of("");

    @Test
    void aLogThatIsTooLargeIsEmptiedForWhoeverGoesOnPrintingAndItsEndIsKept() throws IOException {
        var log = directory.resolve("console.log");
        try (var printer = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            printer.write(TOO_MUCH);

            PrintedLogs.bound(directory);
            printer.write('!');
        }

        assertThat(log).hasContent("!");
        assertThat(directory.resolve("console.log.1"))
                .hasSize(PrintedLogs.KEPT)
                .content()
                .endsWith("a line that is printed\n");
    }

    @Test
    void onlyLogsThatAreTooLargeAndNoLinksAreEmptied() throws IOException {
        var small = Files.write(directory.resolve("vmm.log"), new byte[(int) PrintedLogs.LARGEST / 2]);
        var other = Files.write(directory.resolve("memory"), TOO_MUCH);
        Files.createSymbolicLink(directory.resolve("linked.log"), other);

        PrintedLogs.bound(directory);

        assertThat(small).hasSize(PrintedLogs.LARGEST / 2);
        assertThat(other).hasSize(TOO_MUCH.length);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("vmm.log", "memory", "linked.log");
    }

    @Test
    void aMachineThatHasPrintedNothingHasNothingToBound() throws IOException {
        PrintedLogs.bound(directory.resolve("logs"));

        assertThat(directory).isEmptyDirectory();
    }
}
