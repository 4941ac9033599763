package dev.snapfork.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableTest {
    private final Path directory;

    DurableTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void anAtomicWriteCreatesOrReplacesAndLeavesNothingElse() throws IOException {
        Path target = directory.resolve("manifest.json");

        Durable.writeAtomically(target, bytes("first"));
        Durable.writeAtomically(target, bytes("second, longer"));
        Durable.writeAtomically(target, bytes("third"));

        assertThat(target).hasContent("third");
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
    }

    @Test
    void anAtomicWriteThatFailsLeavesTheOldContentAndNothingElse() throws IOException {
        Path target = Files.createDirectory(directory.resolve("taken"));
        Files.writeString(target.resolve("inside"), "old");

        assertThatThrownBy(() -> Durable.writeAtomically(target, bytes("new"))).isInstanceOf(IOException.class);

        assertThat(target.resolve("inside")).hasContent("old");
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
    }

    @Test
    void replacingMovesTheSiblingOverTheTarget() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "old");
        Path sibling = Files.writeString(directory.resolve("sibling"), "new");

        Durable.replace(sibling, target);

        assertThat(target).hasContent("new");
        assertThat(sibling).doesNotExist();
    }

    @Test
    void aTreeIsSyncedWithoutFollowingItsLinks() throws IOException {
        Path deep = Files.createDirectories(directory.resolve("a/b"));
        Files.writeString(deep.resolve("file"), "content");
        Files.createSymbolicLink(deep.resolve("dangling"), Path.of("nowhere"));
        assertThatCode(() -> Durable.fsyncTree(directory)).doesNotThrowAnyException();

        assertThatThrownBy(() -> Durable.fsyncTree(directory.resolve("absent"))).isInstanceOf(IOException.class);
    }

    @Test
    void syncingALinkOrAnAbsentFileIsAnError() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "content");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        assertThatThrownBy(() -> Durable.fsync(link)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Durable.fsync(directory.resolve("absent"))).isInstanceOf(IOException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
