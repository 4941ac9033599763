package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Decoding without keeping anything says what decoding says. */
class CheckTest {
    private static final MemoryCodec CODEC = new MemoryCodec(2);
    private static final Job JOB = Job.standard().withoutSync();

    private final Path directory;
    private final Path raw;
    private final Path compressed;

    CheckTest(@TempDir Path directory) {
        this.directory = directory;
        this.raw = directory.resolve("memory");
        this.compressed = directory.resolve("memory.compressed");
    }

    @AfterAll
    static void close() {
        CODEC.close();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void ofAWholeFileItGivesTheSameAndWritesNothing(Shape shape) throws IOException {
        shape.write(raw);
        for (var codec : Codec.values()) {
            Files.deleteIfExists(compressed);
            CODEC.compress(raw, compressed, new Format(codec, 1), JOB);
            var target = directory.resolve("decoded");
            Files.deleteIfExists(target);
            var decoded = CODEC.decode(compressed, target, JOB);
            Files.delete(target);

            assertThat(CODEC.check(compressed, JOB.inBackground())).isEqualTo(decoded);

            try (var files = Files.list(directory)) {
                assertThat(files).containsExactlyInAnyOrder(raw, compressed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void ofADamagedFileItGivesTheSame(Codec codec) throws IOException {
        Shape.ENDS_IN_HOLE.write(raw);
        CODEC.compress(raw, compressed, new Format(codec, 1), JOB);
        var good = Files.readAllBytes(compressed);
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < 40; i++) {
            var bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(compressed, bad);

            var checked = digest(() -> CODEC.check(compressed, JOB));

            assertThat(checked).isEqualTo(digest(this::decode));
            refused += checked == null ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(30);
    }

    private Decoded decode() throws IOException {
        var target = directory.resolve("decoded");
        Files.deleteIfExists(target);
        return CODEC.decode(compressed, target, JOB);
    }

    private interface Attempt {
        Decoded run() throws IOException;
    }

    private static @Nullable Decoded digest(Attempt attempt) throws IOException {
        try {
            return attempt.run();
        } catch (CorruptMemoryException e) {
            return null;
        }
    }

    @Test
    void itCanBeCancelled() throws IOException {
        Shape.MIXED.write(raw);
        CODEC.compress(raw, compressed, new Format(Codec.ZSTD, 1), JOB);

        assertThatThrownBy(() -> CODEC.check(compressed, JOB.withCancellation(() -> true)))
                .isInstanceOf(CancellationException.class);
    }
}
