package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buffers go from one job to the next: what failed in one must not be felt in another. */
class PositionalIoTest {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(100);
    private final Path file;

    PositionalIoTest(@TempDir Path directory) throws IOException {
        file = Files.writeString(directory.resolve("file"), "content");
    }

    @Test
    void aFailedWriteLeavesTheWholeBufferToTheNext() throws IOException {
        try (FileChannel readOnly = FileChannel.open(file)) {
            assertThatThrownBy(() -> PositionalIo.write(readOnly, buffer, 10, 20, 0))
                    .isInstanceOf(NonWritableChannelException.class);
        }

        assertThat(buffer.position()).isZero();
        assertThat(buffer.limit()).isEqualTo(100);
    }

    @Test
    void aFailedReadLeavesTheWholeBufferToTheNext() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            assertThatThrownBy(() -> PositionalIo.read(channel, buffer, 50, 0)).isInstanceOf(EOFException.class);
        }

        assertThat(buffer.position()).isZero();
        assertThat(buffer.limit()).isEqualTo(100);
    }
}
