package dev.snapfork.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.ServiceProcess;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whenever PostgreSQL dies or stands still in the middle of a read, the reader is told to come again, and nobody is told of a fault. */
@Timeout(300)
class BrokenDatabaseIT {
    private static final Duration STRUCK = Duration.ofSeconds(30);
    private static final int READERS_OF_EACH = 3;
    private static final List<String> READS = List.of(
            "/operations/" + "o".repeat(24),
            "/operations",
            "/snapshots",
            "/snapshots?health=healthy",
            "/snapshots/" + "s".repeat(24),
            "/instances",
            "/instances/" + "i".repeat(24));

    @Test
    void readsAreAnsweredOrPutOffWheneverPostgresqlBreaks(@TempDir Path home) throws Exception {
        var binaries = Path.of("target", "postgresql").toAbsolutePath();
        var data = Files.createDirectories(home.resolve("data"));
        var answers = ConcurrentHashMap.<String>newKeySet();
        var over = new AtomicBoolean();
        try (var stack = new FragileStack(home.resolve("stack"), binaries)) {
            stack.startPostgres();
            stack.startBroker();
            var environment = SharedEnvironment.at(stack.addresses());
            try (var service = ServiceProcess.start("api,projection", data, Map.of(), environment);
                    var readers = Executors.newVirtualThreadPerTaskExecutor()) {
                var api = ApiClient.at(service.awaitReady());
                for (var i = 0; i < READERS_OF_EACH * READS.size(); i++) {
                    var path = READS.get(i % READS.size());
                    readers.execute(() -> read(api, path, over, answers));
                }
                strike(stack);
                over.set(true);
            }
        }
        assertThat(answers)
                .contains("200", "404", "503")
                .filteredOn(answer -> answer.length() > 3)
                .isEmpty();
    }

    private static void read(ApiClient api, String path, AtomicBoolean over, Set<String> answers) {
        while (!over.get()) {
            try {
                var answer = api.get(path);
                answers.add(
                        Set.of(200, 404, 503).contains(answer.status())
                                ? Integer.toString(answer.status())
                                : path + ": " + answer.status() + " " + answer.body());
            } catch (RuntimeException | AssertionError e) {
                answers.add(path + ": " + e);
            }
        }
    }

    private static void strike(FragileStack stack) throws Exception {
        var until = Instant.now().plus(STRUCK);
        for (var round = 0; Instant.now().isBefore(until); round++) {
            TimeUnit.MILLISECONDS.sleep(700 + 100L * (round % 7));
            if (round % 3 == 2) {
                stack.signalPostgres("STOP");
                TimeUnit.MILLISECONDS.sleep(300);
            }
            stack.killPostgres();
            TimeUnit.MILLISECONDS.sleep(100L * (round % 5));
            stack.startPostgres();
        }
    }
}
