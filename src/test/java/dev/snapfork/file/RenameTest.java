package dev.snapfork.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenameTest {
    private final Path directory;

    RenameTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void anExchangeSwapsEvenAFileAndADirectory() throws IOException {
        Path a = Files.writeString(directory.resolve("a"), "file");
        Path b = Files.createDirectory(directory.resolve("b"));
        Files.writeString(b.resolve("inside"), "directory");

        Rename.exchange(a, b);

        assertThat(b).hasContent("file");
        assertThat(a.resolve("inside")).hasContent("directory");
    }

    @Test
    void anExchangeWithAnAbsentNameChangesNothing() throws IOException {
        Path a = Files.writeString(directory.resolve("a"), "file");
        Path b = directory.resolve("b");

        assertThatThrownBy(() -> Rename.exchange(a, b)).isInstanceOf(NoSuchFileException.class);

        assertThat(a).hasContent("file");
        assertThat(b).doesNotExist();
    }

    @Test
    void aTakenNameIsNotReplaced() throws IOException {
        Path from = Files.writeString(directory.resolve("from"), "mine");
        Path to = Files.writeString(directory.resolve("to"), "theirs");

        assertThatThrownBy(() -> Rename.noReplace(from, to))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(to.toString());

        assertThat(from).hasContent("mine");
        assertThat(to).hasContent("theirs");
    }

    @Test
    void aFreeNameIsTaken() throws IOException {
        Path from = Files.writeString(directory.resolve("from"), "mine");
        Path to = directory.resolve("name with ünicode");

        Rename.noReplace(from, to);

        assertThat(to).hasContent("mine");
        assertThat(from).doesNotExist();
    }

    @Test
    void anImpossibleExchangeSaysWhy() throws IOException {
        Path parent = Files.createDirectory(directory.resolve("parent"));
        Path child = Files.createDirectory(parent.resolve("child"));

        assertThatThrownBy(() -> Rename.exchange(parent, child))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Invalid argument");
    }
}
