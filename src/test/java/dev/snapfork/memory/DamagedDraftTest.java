package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of one whose file or journal is not what it left. */
class DamagedDraftTest extends BrokenOff {
    DamagedDraftTest(@TempDir Path directory) {
        super(directory);
    }

    @Test
    void aJournalThatIsCutOffAnywhereCountsAsFarAsItsRecordsAreWhole() throws Exception {
        Compressed expected = compressWithoutBreak(ZSTD);
        crash(ZSTD, 6);
        long length = Files.size(journal);

        for (long cut = 0; cut <= length; cut += 3) {
            restoreTheCrash();
            truncate(journal, cut);
            assertThatItIsTheSame(goOn(ZSTD), expected);
            assertThat(resumed)
                    .hasSize(
                            cut
                                            < 40
                                                    + recordsOf(Files.readAllBytes(crashedJournal))
                                                            .getFirst()
                                                            .length
                                    ? 0
                                    : 1);
        }
    }

    @Test
    void aTargetThatIsCutOffAnywhereIsKeptAsFarAsTheJournalBearsItOut() throws Exception {
        Compressed expected = compressWithoutBreak(ZSTD);
        crash(ZSTD, 6);
        long length = Files.size(target);
        Random random = new Random(3);
        List<Long> cuts = new ArrayList<>(List.of(0L, 1L, 23L, 24L, 25L, (1L << 20) - 1, 1L << 20, length - 1));
        for (int i = 0; i < 12; i++) {
            cuts.add(random.nextLong(length));
        }

        for (long cut : cuts) {
            restoreTheCrash();
            truncate(target, Math.min(cut, length));
            assertThatItIsTheSame(goOn(ZSTD), expected);
        }
    }

    @Test
    void aDamagedByteAnywhereIsNeverCarriedOn() throws Exception {
        Compressed expected = compressWithoutBreak(ZSTD);
        crash(ZSTD, 6);
        Random random = new Random(5);

        for (int i = 0; i < 40; i++) {
            restoreTheCrash();
            Path damaged = i % 2 == 0 ? journal : target;
            flip(damaged, random.nextLong(Files.size(damaged)));
            assertThatItIsTheSame(goOn(ZSTD), expected);
        }
    }

    @Test
    void garbageForAJournalMeansToStartOver() throws Exception {
        Compressed expected = compressWithoutBreak(ZSTD);
        byte[] garbage = new byte[5000];
        new Random(1).nextBytes(garbage);
        Files.write(target, garbage);
        Files.write(journal, garbage);

        Compressed made = goOn(ZSTD);

        assertThatItIsTheSame(made, expected);
        assertThat(resumed).isEmpty();
        assertThat(made.resumedBytes()).isZero();
    }

    @Test
    void aJournalOfAnotherFormatOrAnotherLengthMeansToStartOver() throws Exception {
        crash(ZSTD, 6);
        Format other = new Format(Codec.ZSTD, 2);
        Compressed expected = compressWithoutBreak(other);

        assertThatItIsTheSame(goOn(other), expected);

        restoreTheCrash();
        truncate(raw, (10 << 20) + 5);
        Files.delete(whole);
        assertThatItIsTheSame(goOn(ZSTD), compressWithoutBreak(ZSTD));
        assertThat(resumed).isEmpty();
    }

    @Test
    void oneWithoutTheOtherMeansToStartOver() throws Exception {
        Compressed expected = compressWithoutBreak(ZSTD);
        crash(ZSTD, 4);
        Files.delete(target);

        assertThatItIsTheSame(goOn(ZSTD), expected);

        restoreTheCrash();
        Files.delete(journal);
        assertThatItIsTheSame(goOn(ZSTD), expected);
        assertThat(resumed).isEmpty();
    }
}
