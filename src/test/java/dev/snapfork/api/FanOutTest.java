package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many forks of one compressed snapshot. */
@QuarkusTest
class FanOutTest {
    private static final int FORKS = 12;
    private static final long LIMIT_SECONDS = 90;

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "lz4"})
    void forksAtTheSameTimeAllHaveTheOriginalMemoryAndCostFewDecodings(String algorithm) throws Exception {
        var instance = guests.newStandby();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = compressed(instance, algorithm);
        var misses = counted("misses");

        var forks = atTheSameTime(() -> snapshots.forkToStandby(snapshot));

        assertThat(forks).hasSize(FORKS).allSatisfy(fork -> assertThat(Sha256.of(guests.memory(fork)))
                .isEqualTo(original));
        // one, or two if the first had done before the second came
        assertThat(counted("misses") - misses).isBetween(1.0, 2.0);
    }

    @Test
    void whatAForkWritesReachesNoOtherFork() throws IOException {
        var instance = guests.newStandby();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = compressed(instance, "zstd");

        for (var i = 0; i < 4; i++) {
            var fork = snapshots.forkToStandby(snapshot);

            assertThat(Sha256.of(guests.memory(fork))).isEqualTo(original);
            Files.writeString(guests.memory(fork), "overwritten");
        }
    }

    @Test
    void compressingAnewInAnotherWayKeepsTheDecodedMemory() {
        var instance = guests.newStandby();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = compressed(instance, "zstd");
        snapshots.forkToStandby(snapshot);
        snapshots.forkToStandby(snapshot);
        snapshots.compress(snapshot, "\"algorithm\":\"lz4\"").expect(200);
        snapshots.settled(snapshot);
        var misses = counted("misses");

        var fork = snapshots.forkToStandby(snapshot);

        assertThat(Sha256.of(guests.memory(fork))).isEqualTo(original);
        assertThat(counted("misses")).isEqualTo(misses);
    }

    @Test
    void aRestoreTakesTheDecodedMemoryToo() throws IOException {
        var instance = guests.newStandby();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = compressed(instance, "lz4");
        snapshots.forkToStandby(snapshot);
        snapshots.forkToStandby(snapshot);
        Files.writeString(guests.memory(instance), "overwritten");
        var hits = counted("hits");

        snapshots.restore(instance, snapshot, "\"target_state\":\"Standby\"").expect(200);

        assertThat(Sha256.of(guests.memory(instance))).isEqualTo(original);
        assertThat(counted("hits")).isEqualTo(hits + 1);
    }

    @Test
    void theDecodedMemoryGoesWithItsSnapshot() throws IOException {
        var snapshot = compressed(guests.newStandby(), "zstd");
        var before = kept();
        snapshots.forkToStandby(snapshot);
        snapshots.forkToStandby(snapshot);
        assertThat(kept()).hasSize(before.size() + 1);

        api.delete("/snapshots/" + snapshot).expect(204);

        assertThat(kept()).containsExactlyInAnyOrderElementsOf(before);
    }

    private String compressed(String instance, String algorithm) {
        var id = snapshots
                .create(
                        instance,
                        "Standby",
                        ",\"compression\":{\"enabled\":true,\"algorithm\":\"%s\"}".formatted(algorithm))
                .expect(201)
                .id();
        assertThat(snapshots.settled(id).text("compression_state")).isEqualTo("compressed");
        return id;
    }

    private static <T> List<T> atTheSameTime(Callable<T> work)
            throws InterruptedException, ExecutionException, TimeoutException {
        var threads = Executors.newFixedThreadPool(FORKS);
        try {
            var running = IntStream.range(0, FORKS)
                    .mapToObj(i -> threads.submit(work))
                    .toList();
            var results = new java.util.ArrayList<T>();
            for (var one : running) {
                results.add(one.get(LIMIT_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private double counted(String what) {
        return api.get("/q/metrics")
                .expect(200)
                .body()
                .lines()
                .filter(line -> line.startsWith("snapfork_fork_cache_" + what + "_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private List<Path> kept() throws IOException {
        try (var files = Files.walk(guests.data().resolve("cache/memory"))) {
            return files.filter(file -> Files.isRegularFile(file) && !file.endsWith("lock"))
                    .toList();
        }
    }
}
