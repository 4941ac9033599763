package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a caller hears of what was made, and when. */
class ToldTest {
    private static final MemoryCodec CODEC = new MemoryCodec(2);
    private static final Format FAST = new Format(Codec.ZSTD, 1);

    private final Path raw;
    private final Path compressed;
    private final Path decoded;

    ToldTest(@TempDir Path directory) {
        this.raw = directory.resolve("memory");
        this.compressed = directory.resolve("memory.compressed");
        this.decoded = directory.resolve("decoded");
    }

    @AfterAll
    static void close() {
        CODEC.close();
    }

    /** The index is the last that is written, and what is synced after it is all there is. */
    @ParameterizedTest
    @EnumSource(Codec.class)
    void allIsToldToBeDoneOnlyOnceTheFileIsComplete(Codec codec) throws IOException {
        Shape.MIXED.write(raw);
        List<Long> packedBytesWhenTold = new ArrayList<>();
        List<Boolean> unpackedWhenTold = new ArrayList<>();

        Compressed made = CODEC.compress(
                raw, compressed, new Format(codec, 1), Job.standard().withProgress((done, total) -> {
                    if (done == total) {
                        packedBytesWhenTold.add(compressed.toFile().length());
                    }
                }));
        CODEC.decode(compressed, decoded, Job.standard().withProgress((done, total) -> {
            if (done == total) {
                unpackedWhenTold.add(holdTheSame(raw, decoded));
            }
        }));

        assertThat(packedBytesWhenTold).containsExactly(made.compressedBytes());
        assertThat(unpackedWhenTold).containsExactly(true);
    }

    private static boolean holdTheSame(Path one, Path other) {
        try {
            return Files.mismatch(one, other) == -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theDigestOfTheCompressedFileIsTheOneThatReadingItGives() throws IOException {
        for (Shape shape : Shape.values()) {
            Files.deleteIfExists(raw);
            Files.deleteIfExists(compressed);
            shape.write(raw);

            Compressed made =
                    CODEC.compress(raw, compressed, FAST, Job.standard().withoutSync());

            assertThat(made.compressedDigest()).as(shape.name()).isEqualTo(TreeDigest.of(compressed));
        }
    }
}
