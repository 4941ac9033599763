package dev.snapfork.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectDigestTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path directory = Path.of("");

    private Path file(long length, int seed) throws IOException {
        var file = directory.resolve(length + "-" + seed);
        var random = new Random(seed);
        try (var writing = new RandomAccessFile(file.toFile(), "rw")) {
            writing.setLength(length);
            for (var at = 0L; at < length; at += random.nextInt(1, 3 * MIB)) {
                var data = new byte[(int) Math.min(length - at, random.nextInt(1, 64 << 10))];
                random.nextBytes(data);
                writing.seek(at);
                writing.write(data);
            }
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 511, 512, 4095, 4096, 4097, MIB - 1, MIB, MIB + 1, 5 * MIB + 12_345, 16 * MIB})
    void itIsTheFilesDigest(long length) throws IOException {
        for (var seed = 0; seed < 3; seed++) {
            var file = file(length, seed);

            assertThat(DirectDigest.of(file, bytes -> {})).isEqualTo(TreeDigest.of(file));
        }
    }

    @Test
    void aFlippedBitIsSeenAtOnceThoughItIsOnlyInTheCacheYet() throws IOException {
        var file = file(3L * MIB, 1);
        var before = DirectDigest.of(file, bytes -> {});
        try (var writing = new RandomAccessFile(file.toFile(), "rw")) {
            writing.seek(2 * MIB + 77);
            writing.write(writing.read() ^ 4);
        }

        assertThat(DirectDigest.of(file, bytes -> {})).isNotEqualTo(before).isEqualTo(TreeDigest.of(file));
    }

    @Test
    void theGateIsToldWhatIsReadAndHolesAreNot() throws IOException {
        var file = directory.resolve("sparse");
        try (var writing = new RandomAccessFile(file.toFile(), "rw")) {
            writing.setLength(100L * MIB + 10);
            writing.seek(50L * MIB);
            writing.write(1);
            writing.seek(100L * MIB);
            writing.write(1);
        }
        var told = new AtomicLong();

        DirectDigest.of(file, told::addAndGet);

        assertThat(told).hasValue(MIB + 10);
    }

    @Test
    void theGateEndsIt() throws IOException {
        var file = file(3L * MIB, 1);

        assertThatThrownBy(() -> DirectDigest.of(file, bytes -> {
                    throw new CancellationException("enough");
                }))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void aFileThatBecomesShorterMeanwhileIsNoticed() throws IOException {
        var file = file(8L * MIB, 2);

        assertThatThrownBy(() -> DirectDigest.of(file, bytes -> {
                    try (var writing = new RandomAccessFile(file.toFile(), "rw")) {
                        writing.setLength(100);
                    }
                }))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void aMissingFileAndALinkAreRefused() throws IOException {
        var link = Files.createSymbolicLink(directory.resolve("link"), file(10, 1));

        assertThatThrownBy(() -> DirectDigest.of(directory.resolve("nothing"), bytes -> {}))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> DirectDigest.of(link, bytes -> {})).isInstanceOf(IOException.class);
    }
}
