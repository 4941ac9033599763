package dev.snapfork.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskTroubleTest {
    @ParameterizedTest
    @CsvSource({
        "No space left on device, FULL",
        "Disk quota exceeded, FULL",
        "'pwrite: No space left on device (errno 28)', FULL",
        "Input/output error, FAILING",
        "Too many open files, SHORT",
    })
    void theKernelsWordsTellWhatIsWrong(String message, DiskTrouble trouble) {
        assertThat(DiskTrouble.of(new IOException(message))).contains(trouble);
        assertThat(DiskTrouble.of(new FileSystemException("/a", null, message))).contains(trouble);
    }

    @Test
    void whatIsWrongWithThePathIsNoTroubleOfTheDisk() {
        assertThat(DiskTrouble.of(new NoSuchFileException("/No space left on device")))
                .isEmpty();
        assertThat(DiskTrouble.of(new IOException("Permission denied"))).isEmpty();
        assertThat(DiskTrouble.of(new IOException())).isEmpty();
    }

    /** Whatever the locale. */
    @Test
    void aDeviceThatIsAlwaysFullIsFull() {
        var full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "needs /dev/full");

        var failure = catchThrowableOfType(IOException.class, () -> {
            try (var file = new FileOutputStream(full.toFile())) {
                file.write(1);
            }
        });

        assertThat(DiskTrouble.of(failure)).contains(DiskTrouble.FULL);
        assertThat(DiskTrouble.of(Errno.failure("pwrite", Errno.ENOSPC, full))).contains(DiskTrouble.FULL);
    }
}
