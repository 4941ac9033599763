package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryCodecTest {
    private static final MemoryCodec CODEC = new MemoryCodec(2);
    private static final Format FAST = new Format(Codec.ZSTD, 1);

    private final Path directory;
    private final Path raw;
    private final Path compressed;
    private final Path decoded;

    MemoryCodecTest(@TempDir Path directory) {
        this.directory = directory;
        this.raw = directory.resolve("memory");
        this.compressed = directory.resolve("memory.compressed");
        this.decoded = directory.resolve("decoded");
    }

    @AfterAll
    static void close() {
        CODEC.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ZSTD, 0, 'level must be between 1 and 19 for zstd, got 0'",
        "ZSTD, 20, 'level must be between 1 and 19 for zstd, got 20'",
        "LZ4, -1, 'level must be between 0 and 9 for lz4, got -1'",
        "LZ4, 10, 'level must be between 0 and 9 for lz4, got 10'",
    })
    void levelsOutOfRangeAreRefused(Codec codec, int level, String message) {
        assertThatThrownBy(() -> new Format(codec, level))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5})
    void aCancelledCompressionLeavesNothing(int framesBefore) throws IOException {
        Shape.MIXED.write(raw);
        AtomicInteger asked = new AtomicInteger();
        Job job = Job.standard().withCancellation(() -> asked.incrementAndGet() > framesBefore);

        assertThatThrownBy(() -> CODEC.compress(raw, compressed, FAST, job)).isInstanceOf(CancellationException.class);

        assertThat(compressed).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5})
    void aCancelledDecodingLeavesNothing(int framesBefore) throws IOException {
        Shape.MIXED.write(raw);
        CODEC.compress(raw, compressed, FAST, Job.standard());
        AtomicInteger asked = new AtomicInteger();
        Job job = Job.standard().withCancellation(() -> asked.incrementAndGet() > framesBefore);

        assertThatThrownBy(() -> CODEC.decode(compressed, decoded, job)).isInstanceOf(CancellationException.class);

        assertThat(decoded).doesNotExist();
    }

    @Test
    void theCodecGoesOnAfterCancelledAndFailedJobs() throws IOException {
        Shape.MIXED.write(raw);
        try (MemoryCodec codec = new MemoryCodec(1, 2)) {
            for (int i = 0; i < 20; i++) {
                AtomicInteger asked = new AtomicInteger();
                int last = i;
                Job job = Job.standard().withCancellation(() -> asked.incrementAndGet() > last);
                try {
                    codec.compress(raw, compressed, FAST, job);
                    Files.delete(compressed);
                } catch (CancellationException expected) {
                    assertThat(compressed).doesNotExist();
                }
            }

            codec.compress(raw, compressed, FAST, Job.standard());
        }

        assertThat(compressed).isNotEmptyFile();
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void progressNeverGoesBackAndEndsAtTheTotal(Codec codec) throws IOException {
        Shape.MIXED.write(raw);
        List<Long> compressing = new ArrayList<>();
        List<Long> decoding = new ArrayList<>();
        List<Long> totals = new ArrayList<>();

        Compressed made = CODEC.compress(
                raw, compressed, new Format(codec, 1), Job.standard().withProgress((done, total) -> {
                    compressing.add(done);
                    totals.add(total);
                }));
        CODEC.decode(compressed, decoded, Job.standard().withProgress((done, total) -> decoding.add(done)));

        assertThat(compressing).isSorted().doesNotHaveDuplicates().endsWith(made.dataBytes());
        assertThat(totals).containsOnly(made.dataBytes());
        assertThat(decoding).isSorted().doesNotHaveDuplicates().endsWith(made.compressedBytes());
    }

    @Test
    void aListenerThatFailsEndsTheJobAndLeavesNothing() throws IOException {
        Shape.MIXED.write(raw);
        Job job = Job.standard().withProgress((done, total) -> {
            throw new IllegalStateException("listener");
        });

        assertThatThrownBy(() -> CODEC.compress(raw, compressed, FAST, job)).hasMessage("listener");

        assertThat(compressed).doesNotExist();
    }

    @Test
    void whatExistsIsNeverReplaced() throws IOException {
        Shape.ODD_LENGTH.write(raw);
        CODEC.compress(raw, compressed, FAST, Job.standard());
        Files.writeString(decoded, "theirs");

        assertThatThrownBy(() -> CODEC.compress(raw, decoded, FAST, Job.standard()))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> CODEC.decode(compressed, decoded, Job.standard()))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(decoded).hasContent("theirs");
    }

    @Test
    void linksAndAbsentFilesAreNotRead() throws IOException {
        Shape.ODD_LENGTH.write(raw);
        Path link = Files.createSymbolicLink(directory.resolve("link"), raw);

        assertThatThrownBy(() -> CODEC.compress(link, compressed, FAST, Job.standard()))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> CODEC.compress(directory.resolve("absent"), compressed, FAST, Job.standard()))
                .isInstanceOf(IOException.class);

        assertThat(compressed).doesNotExist();
    }

    @Test
    void severalJobsShareTheCodec() throws Exception {
        Shape.MIXED.write(raw);
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Future<Path>> jobs = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Path packed = directory.resolve("packed" + i);
                Path back = directory.resolve("back" + i);
                Format format = new Format(i % 2 == 0 ? Codec.ZSTD : Codec.LZ4, 1 + i % 5);
                jobs.add(callers.submit(() -> {
                    CODEC.compress(raw, packed, format, Job.standard().withoutSync());
                    CODEC.decode(packed, back, Job.standard().withoutSync());
                    return back;
                }));
            }
            for (Future<Path> job : jobs) {
                assertThat(Files.mismatch(raw, job.get(60, TimeUnit.SECONDS))).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void memoryDoesNotGrowWithTheFile(Codec codec) throws IOException {
        long length = 16L << 30;
        try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
            file.setLength(length);
            for (long at = 1L << 30; at < length; at += 3L << 30) {
                file.seek(at + 12345);
                file.write("data".getBytes(StandardCharsets.US_ASCII));
            }
        }

        Compressed made = CODEC.compress(
                raw, compressed, new Format(codec, 1), Job.standard().withoutSync());
        Decoded back = CODEC.decode(compressed, decoded, Job.standard().withoutSync());

        assertThat(back.rawDigest()).isEqualTo(made.rawDigest()).isEqualTo(TreeDigest.of(decoded));
        assertThat(back.uncompressedBytes()).isEqualTo(length);
        assertThat(back.dataBytes()).isEqualTo(5 * 4096);
    }

    @Test
    void aClosedCodecRefusesWork() throws IOException {
        Shape.ODD_LENGTH.write(raw);
        MemoryCodec codec = new MemoryCodec(1);

        codec.close();

        assertThatThrownBy(() -> codec.compress(raw, compressed, FAST, Job.standard()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        assertThat(compressed).doesNotExist();
    }

    @Test
    void closingEndsRunningJobs() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
            file.setLength(64 << 20);
            file.write(new byte[64 << 20]);
        }
        MemoryCodec codec = new MemoryCodec(1, 1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        Job job = Job.standard().withProgress((done, total) -> {
            started.countDown();
            await(closing);
        });
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<Compressed> running = caller.submit(() -> codec.compress(raw, compressed, FAST, job));
            await(started);
            Thread closer = Thread.ofPlatform().start(codec::close);
            while (closer.getState() != Thread.State.TIMED_WAITING && closer.isAlive()) {
                Thread.onSpinWait();
            }
            closing.countDown();

            assertThatThrownBy(() -> running.get(60, TimeUnit.SECONDS)).hasMessageContaining("closed");
            closer.join(60_000);
            assertThat(closer.isAlive()).isFalse();
        }
        assertThat(compressed).doesNotExist();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
