package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CorruptionTest {
    private static final MemoryCodec CODEC = new MemoryCodec(2);
    private static final Job JOB = Job.standard().withoutSync();
    private static final int SAMPLES = 30;

    private final Path raw;
    private final Path compressed;
    private final Path decoded;

    CorruptionTest(@TempDir Path directory) {
        this.raw = directory.resolve("memory");
        this.compressed = directory.resolve("memory.compressed");
        this.decoded = directory.resolve("decoded");
    }

    @AfterAll
    static void close() {
        CODEC.close();
    }

    /** Our files of both codecs, and the tools' own. */
    enum Origin {
        OURS_ZSTD(Codec.ZSTD, true),
        OURS_LZ4(Codec.LZ4, true),
        THEIRS_ZSTD(Codec.ZSTD, false),
        THEIRS_LZ4(Codec.LZ4, false),
        THEIRS_LZ4_LINKED(Codec.LZ4, false);

        private final Codec codec;
        private final boolean ours;

        Origin(Codec codec, boolean ours) {
            this.codec = codec;
            this.ours = ours;
        }

        byte[] make(Path raw, Path target) throws Exception {
            Files.deleteIfExists(target);
            if (ours) {
                CODEC.compress(raw, target, new Format(codec, 1), JOB);
            } else {
                Tool.assumePresent(Tool.of(codec));
                String blocks = this == THEIRS_LZ4_LINKED ? "-BD" : "-1";
                Tool.run(raw, target.toFile(), Tool.of(codec), "-q", "-c", blocks);
            }
            return Files.readAllBytes(target);
        }
    }

    static Stream<Origin> origins() {
        return Stream.of(Origin.values());
    }

    @ParameterizedTest
    @MethodSource("origins")
    void aFlippedByteNeverGivesWrongBytes(Origin origin) throws Exception {
        Shape.ENDS_IN_HOLE.write(raw);
        byte[] good = origin.make(raw, compressed);
        int refused = 0;

        for (int at : offsets(good.length)) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            refused += refusedOrRight(bad, at);
        }

        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @MethodSource("origins")
    void aFileThatIsCutOffIsRefused(Origin origin) throws Exception {
        Shape.ENDS_IN_HOLE.write(raw);
        byte[] good = origin.make(raw, compressed);

        for (int length : offsets(good.length)) {
            byte[] bad = Arrays.copyOf(good, length);
            // Without its index a file of ours is still whole: the head says how long the raw file is.
            boolean onlyIndexLost = origin.ours && length > 0 && refusedOrRight(bad, length) == 0;
            if (onlyIndexLost) {
                assertThat(length).isEqualTo(indexStart(good));
            } else {
                assertRefused(bad, length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void aFileCutOffBetweenTwoFramesIsRefused(Codec codec) throws Exception {
        Shape.MIXED.write(raw);
        CODEC.compress(raw, compressed, new Format(codec, 1), JOB);
        byte[] good = Files.readAllBytes(compressed);
        int table = indexStart(good) + 8;
        int firstFrames = 0;
        for (int entry = 0; entry < 4; entry++) {
            firstFrames += intAt(good, table + entry * 8);
        }

        assertRefused(Arrays.copyOf(good, firstFrames), firstFrames);
    }

    @ParameterizedTest
    @MethodSource("origins")
    void trailingGarbageIsRefused(Origin origin) throws Exception {
        Shape.ODD_LENGTH.write(raw);
        byte[] good = origin.make(raw, compressed);

        for (int size : List.of(1, 3, 4, 5, 100, 300_000)) {
            byte[] garbage = new byte[size];
            new Random(size).nextBytes(garbage);
            byte[] bad = Arrays.copyOf(good, good.length + size);
            System.arraycopy(garbage, 0, bad, good.length, size);
            assertRefused(bad, size);
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void aWrongIndexDoesNotMatterWhenTheFramesAreRight(Codec codec) throws Exception {
        Shape.MIXED.write(raw);
        CODEC.compress(raw, compressed, new Format(codec, 1), JOB);
        byte[] good = Files.readAllBytes(compressed);
        int table = indexStart(good) + 8;
        for (int at : List.of(table, table + 8, table + 12, table + 16, good.length - 9, good.length - 5)) {
            byte[] bad = good.clone();
            bad[at]++;
            Files.write(compressed, bad);

            CODEC.decode(compressed, decoded, JOB);

            assertThat(Files.mismatch(raw, decoded)).as("index byte %s", at).isEqualTo(-1);
            Files.delete(decoded);
        }
        byte[] swapped = good.clone();
        System.arraycopy(good, table + 8, swapped, table + 16, 4);
        System.arraycopy(good, table + 16, swapped, table + 8, 4);
        Files.write(compressed, swapped);

        CODEC.decode(compressed, decoded, JOB);

        assertThat(Files.mismatch(raw, decoded)).isEqualTo(-1);
    }

    private static Set<Integer> offsets(int length) {
        Set<Integer> offsets = new TreeSet<>();
        for (int at = 0; at < Math.min(40, length); at++) {
            offsets.add(at);
            offsets.add(length - 1 - at);
        }
        new Random(length).ints(SAMPLES, 0, length).forEach(offsets::add);
        return offsets;
    }

    /** Returns 1 if the file is refused, 0 if it decodes to the right bytes; anything else fails the test. */
    private int refusedOrRight(byte[] file, int at) throws IOException {
        Files.write(compressed, file);
        try {
            CODEC.decode(compressed, decoded, JOB);
        } catch (IOException refused) {
            assertThat(decoded).as("target after damage at %s", at).doesNotExist();
            return 1;
        }
        assertThat(Files.mismatch(raw, decoded)).as("damage at %s", at).isEqualTo(-1);
        Files.delete(decoded);
        return 0;
    }

    private void assertRefused(byte[] file, int at) throws IOException {
        Files.write(compressed, file);
        assertThatThrownBy(() -> CODEC.decode(compressed, decoded, JOB))
                .as("at %s", at)
                .isInstanceOfSatisfying(CorruptMemoryException.class, corrupt -> assertThat(corrupt.offset())
                        .isBetween(0L, (long) file.length));
        assertThat(decoded).doesNotExist();
    }

    private static int indexStart(byte[] file) {
        return file.length - 9 - intAt(file, file.length - 9) * 8 - 8;
    }

    private static int intAt(byte[] file, int at) {
        return (file[at] & 0xFF) | (file[at + 1] & 0xFF) << 8 | (file[at + 2] & 0xFF) << 16 | file[at + 3] << 24;
    }
}
