package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a process that stops, by those who do not know it yet. */
@Timeout(300)
class OrderlyStopIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Map<String, String> DELAYED = Map.of("quarkus.shutdown.delay", "8S");

    @Test
    void inTheDelayEverythingIsDoneAndConnectionsEndWithTheirNextAnswer(@TempDir Path data) throws IOException {
        try (var process = ServiceProcess.start("api,worker,projection", data, DELAYED)) {
            var api = ApiClient.at(process.awaitReady());
            var instance = new Guests(data, api).newStopped();
            var before = api.get("/snapshots").expect(200);
            var stop = inTheBackground(() -> close(process));
            Eventually.see(LIMIT, () -> api.get("/q/health/ready"), answer -> answer.status() == 503);
            var waiting = CompletableFuture.supplyAsync(
                    () -> api.get("/instances/" + instance + "/wait?state=Running&timeout=60s"),
                    task -> Thread.ofVirtual().start(task));

            var made = new Snapshots(api).create(instance, "Stopped", "");
            var read = api.get("/snapshots");

            assertThat(before.header("Connection")).isNull();
            assertThat(made.expect(201).header("Connection")).isEqualTo("close");
            assertThat(read.expect(200).header("Connection")).isEqualTo("close");
            assertThat(waiting).succeedsWithin(LIMIT).satisfies(answer -> answer.refuses(503, "unavailable", "stops"));
            assertThat(stop).succeedsWithin(LIMIT);
        }
    }

    private static CompletableFuture<Void> inTheBackground(Runnable work) {
        return CompletableFuture.runAsync(work, task -> Thread.ofVirtual().start(task));
    }

    private static void close(ServiceProcess process) {
        try {
            process.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
