package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Makes and mends what a compression leaves that was broken off. */
@Timeout(120)
abstract class BrokenOff {
    static final Format ZSTD = new Format(Codec.ZSTD, 1);
    /** The frames of {@link Shape#MIXED} that hold data; all others are holes. */
    static final List<Integer> DATA_FRAMES = List.of(0, 1, 2, 4, 5, 8, 9);

    final MemoryCodec plain = new MemoryCodec(2);
    final Path raw;
    final Path whole;
    final Path target;
    final Path journal;
    final Path crashedTarget;
    final Path crashedJournal;
    final List<Long> progress = new ArrayList<>();
    final List<Long> resumed = new ArrayList<>();

    BrokenOff(@TempDir Path directory) {
        raw = directory.resolve("memory");
        whole = directory.resolve("whole");
        target = directory.resolve("target");
        journal = directory.resolve("journal");
        crashedTarget = directory.resolve("crashed-target");
        crashedJournal = directory.resolve("crashed-journal");
    }

    @BeforeEach
    void writeMemory() throws IOException {
        Shape.MIXED.write(raw);
    }

    @AfterEach
    void close() {
        plain.close();
    }

    Job job(boolean keep) {
        Resume resume = new Resume(journal, () -> keep, (done, total) -> resumed.add(done));
        return Job.standard().withProgress((done, total) -> progress.add(done)).withResume(resume);
    }

    Compressed compressWithoutBreak(Format format) throws IOException {
        return plain.compress(raw, whole, format, Job.standard().withoutSync());
    }

    Compressed goOn(Format format) throws IOException {
        return plain.compress(raw, target, format, job(false).withoutSync());
    }

    void assertThatItIsTheSame(Compressed made, Compressed expected) throws IOException {
        assertThat(Files.mismatch(target, whole)).isEqualTo(-1);
        assertThat(made.rawDigest()).isEqualTo(expected.rawDigest());
        assertThat(made.compressedDigest()).isEqualTo(TreeDigest.of(whole));
    }

    /** Leaves in target and journal what a crash leaves once so many frames with data are on stable storage. */
    void crash(Format format, int dataFrames) throws Exception {
        GatedCoder coder = new GatedCoder(FrameCoder.of(format.codec()));
        coder.closeGateAfter(dataFrames);
        AtomicBoolean cancelled = new AtomicBoolean();
        try (MemoryCodec codec = new MemoryCodec(1, 8, any -> coder, Pace.of(0), new Cadence(1, Duration.ofMillis(1)));
                ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<Compressed> running = caller.submit(
                    () -> codec.compress(raw, target, format, job(false).withCancellation(cancelled::get)));
            coder.awaitSomebodyAtTheGate();
            while (framesIn(journal) < DATA_FRAMES.get(dataFrames)) {
                Thread.onSpinWait();
            }
            Files.copy(target, crashedTarget);
            Files.copy(journal, crashedJournal);
            assertThat(framesIn(crashedJournal)).isEqualTo(DATA_FRAMES.get(dataFrames));
            cancelled.set(true);
            coder.openGate();
            assertThatThrownBy(() -> running.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(CancellationException.class);
        }
        assertThat(target).doesNotExist();
        assertThat(journal).doesNotExist();
        progress.clear();
        restoreTheCrash();
    }

    void restoreTheCrash() throws IOException {
        Files.deleteIfExists(target);
        Files.deleteIfExists(journal);
        Files.copy(crashedTarget, target);
        Files.copy(crashedJournal, journal);
        resumed.clear();
    }

    static int framesIn(Path journal) throws IOException {
        int frames = 0;
        for (byte[] record : recordsOf(Files.readAllBytes(journal))) {
            frames += record[8] & 0xFF;
        }
        return frames;
    }

    /** Each with its length before it and its checksum behind. */
    static List<byte[]> recordsOf(byte[] journal) {
        List<byte[]> records = new ArrayList<>();
        for (int at = 40; at + 4 <= journal.length; ) {
            int end = at + 12 + ((journal[at] & 0xFF) | ((journal[at + 1] & 0xFF) << 8));
            if (end > journal.length) {
                break;
            }
            records.add(Arrays.copyOfRange(journal, at, end));
            at = end;
        }
        return records;
    }

    static void truncate(Path file, long length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(length);
        }
    }

    static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(at);
            int was = access.read();
            access.seek(at);
            access.write(was ^ 0x10);
        }
    }
}
