package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.file.TreeDigest;
import java.io.IOException;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How jobs share the threads and the buffers. */
@Timeout(120)
class SchedulingTest {
    private static final Format FAST = new Format(Codec.ZSTD, 1);

    private final Path directory;
    private final Path raw;
    private final Path packed;
    private final GatedCoder coder = new GatedCoder(FrameCoder.of(Codec.ZSTD));

    SchedulingTest(@TempDir Path directory) {
        this.directory = directory;
        this.raw = directory.resolve("memory");
        this.packed = directory.resolve("packed");
    }

    @BeforeEach
    void writeMemory() throws IOException {
        Shape.MIXED.write(raw);
        try (MemoryCodec codec = new MemoryCodec(1)) {
            codec.compress(raw, packed, FAST, Job.standard().withoutSync());
        }
    }

    private MemoryCodec codec(int threads, int framesInFlight) {
        return new MemoryCodec(threads, framesInFlight, any -> coder);
    }

    private Compressed compress(MemoryCodec codec, String target) throws IOException {
        return codec.compress(
                raw, directory.resolve(target), FAST, Job.standard().withoutSync());
    }

    private Decoded decode(MemoryCodec codec, String target) throws IOException {
        return codec.decode(packed, directory.resolve(target), Job.standard().withoutSync());
    }

    @Test
    void aRestoreGetsTheThreadWhenTheCompressionsFrameIsDone() throws Exception {
        try (MemoryCodec codec = codec(1, 8);
                ExecutorService callers = Executors.newCachedThreadPool()) {
            coder.closeGateAfter(1);
            Future<Compressed> compression = callers.submit(() -> compress(codec, "out"));
            coder.awaitSomebodyAtTheGate();
            CountDownLatch takingBuffers = new CountDownLatch(2);
            Job job = Job.standard().withoutSync().withCancellation(() -> {
                takingBuffers.countDown();
                return false;
            });
            Future<Integer> restore = callers.submit(() -> {
                codec.decode(packed, directory.resolve("back"), job);
                return coder.begun();
            });
            assertThat(takingBuffers.await(60, TimeUnit.SECONDS)).isTrue();

            coder.openGate();

            assertThat(restore.get(60, TimeUnit.SECONDS))
                    .as("frames that the compression began before the restore was done")
                    .isLessThanOrEqualTo(2);
            assertThat(compression.get(60, TimeUnit.SECONDS).dataBytes()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "2, 8", "3, 3"})
    void aRestoreNeedsNoBufferThatACompressionHolds(int threads, int framesInFlight) throws Exception {
        try (MemoryCodec codec = codec(threads, framesInFlight);
                ExecutorService callers = Executors.newCachedThreadPool()) {
            coder.closeGateAfter(0);
            coder.admitOneAtTheGate();
            Future<Compressed> compression = callers.submit(() -> compress(codec, "out"));
            coder.awaitSomebodyAtTheGate();

            Future<Decoded> restore = callers.submit(() -> decode(codec, "back"));

            assertThat(restore.get(60, TimeUnit.SECONDS).rawDigest()).isEqualTo(TreeDigest.of(raw));
            assertThat(compression).isNotDone();
            coder.openGate();
            compression.get(60, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "2, 2", "2, 8"})
    void noMixOfJobsBlocksItself(int threads, int framesInFlight) throws Exception {
        try (MemoryCodec codec = codec(threads, framesInFlight);
                ExecutorService callers = Executors.newCachedThreadPool()) {
            List<Future<?>> jobs = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String name = "job" + i;
                jobs.add(callers.submit(() -> compress(codec, name + ".out")));
                jobs.add(callers.submit(() -> decode(codec, name + ".back")));
            }
            for (Future<?> job : jobs) {
                job.get(100, TimeUnit.SECONDS);
            }
        }
        for (int i = 0; i < 6; i++) {
            assertThat(Files.mismatch(packed, directory.resolve("job" + i + ".out")))
                    .isEqualTo(-1);
            assertThat(Files.mismatch(raw, directory.resolve("job" + i + ".back")))
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(Urgency.class)
    void ofLargeFramesEachClassHasOneForEachThreadAndOneMore(Urgency urgency) throws Exception {
        Urgency other = urgency == Urgency.PRESSING ? Urgency.BACKGROUND : Urgency.PRESSING;
        AtomicInteger asked = new AtomicInteger();
        JobControl job =
                new JobControl(Job.standard().withCancellation(() -> asked.incrementAndGet() > 10), 0, urgency);
        try (Workshop workshop = new Workshop(2, 8, Pace.of(0))) {
            for (int i = 0; i < 3; i++) {
                assertThat(workshop.take(job, Format.LARGEST_FRAME)).isNotNull();
            }

            assertThatThrownBy(() -> workshop.take(job, Format.LARGEST_FRAME))
                    .isInstanceOf(CancellationException.class);
            asked.set(0);
            assertThat(workshop.take(job, Format.SMALLEST_FRAME)).isNotNull();
            JobControl others =
                    new JobControl(Job.standard().withCancellation(() -> asked.incrementAndGet() > 10), 0, other);
            assertThat(workshop.take(others, Format.LARGEST_FRAME)).isNotNull();
        }
    }

    @Test
    void buffersAreGivenOutInTheOrderOfAsking() throws Exception {
        try (Buffers buffers = new Buffers(1);
                ExecutorService callers = Executors.newCachedThreadPool()) {
            NativeBuffer only = buffers.take(() -> {});
            List<Future<NativeBuffer>> waiting = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                waiting.add(callers.submit(() -> buffers.take(() -> {})));
                while (buffers.waiting() < i) {
                    Thread.onSpinWait();
                }
            }
            for (Future<NativeBuffer> next : waiting) {
                buffers.giveBack(only);
                assertThat(next.get(60, TimeUnit.SECONDS)).isSameAs(only);
            }
        }
    }
}
