package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes of a compression that was broken off. */
class ResumeTest extends BrokenOff {
    ResumeTest(@TempDir Path directory) {
        super(directory);
    }

    @ParameterizedTest
    @CsvSource({"ZSTD, 1", "ZSTD, 2", "ZSTD, 3", "ZSTD, 4", "ZSTD, 5", "ZSTD, 6", "LZ4, 1", "LZ4, 3", "LZ4, 5"})
    void itGoesOnBehindTheLastFrameThatLastsAndMakesTheSameFile(Codec codec, int dataFrames) throws Exception {
        Format format = new Format(codec, 1);
        Compressed expected = compressWithoutBreak(format);
        crash(format, dataFrames);
        GatedCoder counter = new GatedCoder(FrameCoder.of(codec));

        Compressed made;
        try (MemoryCodec fresh = new MemoryCodec(2, 8, any -> counter)) {
            made = fresh.compress(raw, target, format, job(false));
        }

        assertThatItIsTheSame(made, expected);
        assertThat(counter.begun()).isEqualTo(DATA_FRAMES.size() - dataFrames);
        assertThat(resumed).containsExactly(made.resumedBytes());
        assertThat(progress).isSorted().startsWith(made.resumedBytes()).endsWith(made.dataBytes());
    }

    @Test
    void whatAResumedRunMadeIsAStandardFile(@TempDir Path directory) throws Exception {
        Tool.assumePresent("zstd");
        crash(ZSTD, 4);
        goOn(ZSTD);

        Tool.run(
                "zstd",
                "-q",
                "-d",
                "-o",
                directory.resolve("back").toString(),
                "--",
                link(directory).toString());

        assertThat(Files.mismatch(raw, directory.resolve("back"))).isEqualTo(-1);
    }

    private Path link(Path directory) throws IOException {
        return Files.createLink(directory.resolve("memory.zst"), target);
    }

    /** A crash between the end of the compression and the commit. */
    @ParameterizedTest
    @CsvSource({"r--r-----", "r--------"})
    void aCompleteFileIsTakenUpAgainAlthoughItIsReadOnlyAndIsClosedToOthersMeanwhile(String permissions)
            throws Exception {
        Files.setPosixFilePermissions(raw, PosixFilePermissions.fromString(permissions));
        Compressed expected = compressWithoutBreak(ZSTD);
        plain.compress(raw, target, ZSTD, job(true));
        List<String> meanwhile = new ArrayList<>();
        Job again = job(false)
                .withProgress((done, total) -> meanwhile.add(done < total ? permissionsOf(target) : "rw-------"));

        assertThatItIsTheSame(plain.compress(raw, target, ZSTD, again), expected);

        assertThat(meanwhile).isNotEmpty().containsOnly("rw-------");
        assertThat(permissionsOf(target)).isEqualTo(permissions);
    }

    private static String permissionsOf(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aResumedRunThatIsBrokenOffAgainGoesOnAgain() throws Exception {
        Compressed expected = compressWithoutBreak(ZSTD);
        crash(ZSTD, 2);
        long before = Files.size(journal);
        try (MemoryCodec codec =
                new MemoryCodec(1, 2, FrameCoder::of, Pace.of(0), new Cadence(1, Duration.ofMillis(1)))) {
            Job stopping = job(true).withCancellation(() -> sizeOf(journal) > before);
            try {
                codec.compress(raw, target, ZSTD, stopping);
            } catch (CancellationException soonEnough) {
                assertThat(target).exists();
            }
        }
        long first = resumed.getFirst();
        resumed.clear();

        Compressed made = goOn(ZSTD);

        assertThatItIsTheSame(made, expected);
        assertThat(resumed.getFirst()).isGreaterThanOrEqualTo(first);
    }

    private static long sizeOf(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoIsStoppedKeepsBothFilesAndWhoIsCancelledNone() throws Exception {
        crash(ZSTD, 3);
        Job cancelled = job(false).withCancellation(() -> true);
        Job stopped = job(true).withCancellation(() -> true);

        assertThatThrownBy(() -> plain.compress(raw, target, ZSTD, stopped)).isInstanceOf(CancellationException.class);
        assertThat(Files.mismatch(journal, crashedJournal)).isEqualTo(-1);
        assertThat(target).exists();
        assertThatThrownBy(() -> plain.compress(raw, target, ZSTD, cancelled))
                .isInstanceOf(CancellationException.class);

        assertThat(target).doesNotExist();
        assertThat(journal).doesNotExist();
    }

    @Test
    void filesThatAnotherRunIsWritingAreLeftToIt() throws Exception {
        Compressed expected = compressWithoutBreak(ZSTD);
        GatedCoder coder = new GatedCoder(FrameCoder.of(Codec.ZSTD));
        coder.closeGateAfter(3);
        try (MemoryCodec codec = new MemoryCodec(1, 8, any -> coder);
                ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<Compressed> lost = caller.submit(() -> codec.compress(raw, target, ZSTD, job(true)));
            coder.awaitSomebodyAtTheGate();

            Compressed made = goOn(ZSTD);

            assertThatItIsTheSame(made, expected);
            coder.openGate();
            lost.get(60, TimeUnit.SECONDS);
            assertThatItIsTheSame(made, expected);
        }
    }
}
