package dev.snapfork.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who decodes and who waits. */
class FlightsTest {
    private static final int FORKS = 25;
    private static final long LIMIT_SECONDS = 60;
    private static final SnapshotId SNAPSHOT = new SnapshotId("a".repeat(24));
    private static final MemoryKey KEY = new MemoryKey("memory");

    private final ExecutorService threads = Executors.newFixedThreadPool(FORKS);
    private final CountDownLatch asked = new CountDownLatch(FORKS);
    private final AtomicInteger decodings = new AtomicInteger();
    private final AtomicInteger copies = new AtomicInteger();
    private Path directory = Path.of("");
    private TestSpace space = new TestSpace(directory, 0);
    private MemoryCache cache = new MemoryCache(null, space, Duration.ZERO, e -> {});

    @BeforeEach
    void place(@TempDir Path fresh) throws IOException {
        directory = fresh;
        space = new TestSpace(Files.createDirectory(directory.resolve("cache")), 1 << 20);
        cache = new MemoryCache(null, space, Duration.ofSeconds(LIMIT_SECONDS), e -> {});
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void ofForksAtTheSameTimeOneDecodesAndTheOthersCopy() throws Exception {
        all(FORKS, () -> fork(new AtomicInteger()));

        assertThat(decodings).hasValue(1);
        assertThat(copies).hasValue(FORKS - 1);
    }

    @Test
    void ifTheOneThatDecodesFailsTheNextDoes() throws Exception {
        var failures = new AtomicInteger(2);

        all(FORKS, () -> fork(failures));

        assertThat(decodings).hasValue(1);
        assertThat(copies).hasValue(FORKS - 3);
    }

    @Test
    void ifTheMemoryCannotBeKeptAllDecodeAndNobodyWaitsForAnother() throws Exception {
        space.failure = new IOException("No space left on device");

        all(FORKS, () -> fork(new AtomicInteger()));

        assertThat(decodings).hasValue(FORKS);
        assertThat(cache.figures().bytes()).isZero();
    }

    @Test
    void whoeverHasWaitedLongEnoughDecodesAlone() throws Exception {
        cache = new MemoryCache(null, space, Duration.ZERO, e -> {});
        try (var first = turn();
                var second = turn()) {
            assertThat(first).isInstanceOf(Turn.Decode.class);
            assertThat(second).isInstanceOf(Turn.Decode.class);
        }
    }

    @Test
    void waitingEndsWhenItIsCancelledOrInterrupted() throws Exception {
        var stopping = new AtomicBoolean();
        try (var first = turn()) {
            assertThat(first).isInstanceOf(Turn.Decode.class);
            var cancelled = threads.submit(() -> cache.turn(KEY, SNAPSHOT, stopping::get));
            var interrupted = threads.submit(this::turn);

            stopping.set(true);
            threads.shutdownNow();

            assertThatThrownBy(() -> cancelled.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .satisfies(e -> assertThat(e.getCause())
                            .isInstanceOfAny(CancellationException.class, InterruptedException.class));
            assertThatThrownBy(() -> interrupted.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(InterruptedException.class);
        }
        assertThatThrownBy(() -> {
                    try (var first = turn();
                            var second = cache.turn(KEY, SNAPSHOT, () -> true)) {
                        assertThat(List.of(first, second)).isEmpty();
                    }
                })
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void differentMemoryIsDecodedSideBySide() throws Exception {
        try (var first = turn();
                var second = cache.turn(new MemoryKey("other"), SNAPSHOT, () -> false)) {
            assertThat(first).isInstanceOf(Turn.Decode.class);
            assertThat(second).isInstanceOf(Turn.Decode.class);
        }
    }

    private Turn turn() throws InterruptedException {
        return cache.turn(KEY, SNAPSHOT, () -> false);
    }

    private Boolean fork(AtomicInteger failures) throws Exception {
        asked.countDown();
        try (var turn = turn()) {
            var file = Files.createTempFile(directory, "fork", "");
            switch (turn) {
                case Turn.Cached cached -> {
                    Files.delete(file);
                    cached.copyTo(file, () -> false);
                    copies.incrementAndGet();
                }
                case Turn.Decode decode -> {
                    assertThat(asked.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
                    if (failures.getAndDecrement() > 0) {
                        return false;
                    }
                    Files.writeString(file, "memory");
                    decodings.incrementAndGet();
                    decode.decoded(file);
                }
            }
            assertThat(file).hasContent("memory");
            return true;
        }
    }

    private void all(int count, Callable<Boolean> work) throws Exception {
        var running = new ArrayList<Future<Boolean>>();
        for (var i = 0; i < count; i++) {
            running.add(threads.submit(work));
        }
        for (var one : running) {
            one.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
