package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifiedFilesTest {
    private final VerifiedFiles verified = new VerifiedFiles();

    @Test
    void aFileIsWhatItsContentIs(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("memory"), "memory");
        var digest = TreeDigest.of(file);
        var other = TreeDigest.of(Files.writeString(directory.resolve("other"), "another"));

        assertThat(verified.is(file, digest)).isTrue();
        assertThat(verified.is(file, digest)).isTrue();
        assertThat(verified.is(file, other)).isFalse();
    }

    @Test
    void aFileThatWasChangedIsReadAgain(@TempDir Path directory) throws Exception {
        var file = Files.writeString(directory.resolve("memory"), "memory");
        var digest = TreeDigest.of(file);
        assertThat(verified.is(file, digest)).isTrue();

        // the kernel's clock for times of change ticks a few hundred times a second
        Thread.sleep(20);
        Files.writeString(file, "memorx");
        assertThat(verified.is(file, digest)).isFalse();
        Thread.sleep(20);
        Files.writeString(file, "memory");
        assertThat(verified.is(file, digest)).isTrue();
    }

    @Test
    void anotherFileUnderTheSameNameIsRead(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("memory"), "memory");
        var digest = TreeDigest.of(file);
        assertThat(verified.is(file, digest)).isTrue();
        var open = Files.newInputStream(file);
        try (open) {
            Files.delete(file);
            Files.writeString(file, "memorx");

            assertThat(verified.is(file, digest)).isFalse();
        }
    }

    @Test
    void aFileThatIsGoneIsNotRemembered(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("memory"), "memory");
        var digest = TreeDigest.of(file);
        assertThat(verified.is(file, digest)).isTrue();
        Files.delete(file);

        assertThatThrownBy(() -> verified.is(file, digest)).isInstanceOf(NoSuchFileException.class);
    }
}
