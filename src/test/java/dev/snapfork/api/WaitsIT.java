package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits for states while the process stops, and while the database is away. */
@Timeout(300)
class WaitsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ROLES = "api,worker,projection";

    private Path data = Path.of("");

    @BeforeEach
    void makeTheDataDirectory() throws IOException {
        data = Files.createTempDirectory("snapfork-waits-");
    }

    @AfterEach
    void removeIt() throws IOException {
        Trees.delete(data);
    }

    private static CompletableFuture<Answer> waiting(ApiClient api, String instance, String timeout)
            throws InterruptedException {
        var path = "/instances/" + instance + "/wait?state=Running&timeout=" + timeout;
        var wait = CompletableFuture.supplyAsync(
                () -> api.get(path), task -> Thread.ofVirtual().start(task));
        TimeUnit.SECONDS.sleep(1);
        assertThat(wait).isNotDone();
        return wait;
    }

    private static void assertAway(Answer answer) {
        answer.refuses(503, "unavailable", "");
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(answer.header("x-should-retry")).isNull();
    }

    @Test
    void whoWaitsWhenTheProcessStopsIsSentToAnother() throws Exception {
        CompletableFuture<Answer> wait;
        try (var process = ServiceProcess.start(ROLES, data)) {
            var api = ApiClient.at(process.awaitReady());
            wait = waiting(api, new Guests(data, api).newStopped(), "60s");
        }

        assertThat(wait).succeedsWithin(LIMIT).satisfies(WaitsIT::assertAway);
    }

    @Test
    void aDatabaseThatIsAwayForLongerThanTheWaitIsToldInTimeAndOneThatComesBackIsNot() throws Exception {
        var environment = SharedEnvironment.get();
        var reactive = environment.reactiveUrl().replaceFirst("^vertx-reactive:", "");
        try (var relay = new Relay(URI.create(reactive));
                var process = ServiceProcess.start(
                        ROLES,
                        data,
                        Map.of(
                                "quarkus.datasource.reactive.url",
                                "vertx-reactive:"
                                        + reactive.replaceFirst("//[^/]+/", "//127.0.0.1:" + relay.port() + "/")))) {
            var api = ApiClient.at(process.awaitReady());
            var instance = new Guests(data, api).newStopped();
            var shortWait = waiting(api, instance, "3s");
            var longWait = waiting(api, instance, "25s");

            relay.cut();
            assertThat(shortWait).succeedsWithin(LIMIT).satisfies(WaitsIT::assertAway);
            assertAway(api.get("/instances/" + instance + "/wait?state=Stopped"));
            relay.mend();

            assertThat(longWait).succeedsWithin(LIMIT).satisfies(answer -> assertThat(
                            answer.expect(200).body())
                    .isEqualTo("{\"state\":\"Stopped\",\"timed_out\":true}"));
            assertThat(api.get("/instances/" + instance + "/wait?state=Stopped")
                            .expect(200)
                            .body())
                    .isEqualTo("{\"state\":\"Stopped\",\"timed_out\":false}");
        }
    }
}
