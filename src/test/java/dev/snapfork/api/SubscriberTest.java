package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.log.WireJson;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example's consumer, in another language, knows from the topic alone what the API answers. */
@QuarkusTest
@Timeout(300)
class SubscriberTest {
    private static final Path EXAMPLE = Path.of("deploy", "examples", "subscriber");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);
    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path home = Path.of("");

    private NodePackage subscriber;

    @BeforeEach
    void install() throws Exception {
        NodePackage.assumeInstallable("the example's subscriber");
        subscriber = NodePackage.install(EXAMPLE, home.resolve("subscriber"));
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private Process run(String... command) throws IOException {
        var bootstrap = SharedEnvironment.get().bootstrapServers();
        var process =
                subscriber.start(builder -> builder.environment().put("KAFKA_BOOTSTRAP_SERVERS", bootstrap), command);
        started.add(process);
        return process;
    }

    private JsonNode list() {
        return api.get("/snapshots").expect(200).json();
    }

    private JsonNode readOnce() throws Exception {
        var process = run("node", "subscriber.mjs", "--once");
        var said = NodePackage.said(process);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return WireJson.mapper().readTree(said);
    }

    private Process follow() throws IOException {
        var process = run("node", "subscriber.mjs", "--out", "snapshots.json");
        // what it says is read away, so that it does not wait for that
        Thread.ofVirtual()
                .start(() -> process.inputReader(StandardCharsets.UTF_8).lines().forEach(line -> {}));
        return process;
    }

    private void theFileComesToTellWhatTheApiDoes() {
        var file = home.resolve("subscriber/snapshots.json");
        Eventually.see(LIMIT, () -> told(file), told -> told.equals(list()));
    }

    private static JsonNode told(Path file) {
        try {
            return Files.exists(file)
                    ? WireJson.mapper().readTree(file.toFile())
                    : WireJson.mapper().nullNode();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whoStartsLateKnowsAll() throws Exception {
        var instance = guests.newStandby();
        var kept = snapshots.take(instance, "Standby");
        snapshots.compress(kept, "").expect(200);
        var gone = snapshots.take(instance, "Standby");
        api.post("/snapshots/" + kept + "/verify", "").expect(200);
        api.delete("/snapshots/" + gone).expect(204);

        var told = readOnce();

        assertThat(told).isEqualTo(list());
        assertThat(told.findValuesAsText("id")).contains(kept).doesNotContain(gone);
    }

    @Test
    void whoFollowsAndIsKilledKnowsAllAgain() throws Exception {
        var instance = guests.newStandby();
        var first = follow();
        var deleted = snapshots.take(instance, "Standby");
        theFileComesToTellWhatTheApiDoes();

        first.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        var kept = snapshots.take(instance, "Standby");
        api.delete("/snapshots/" + deleted).expect(204);
        assertThat(follow().isAlive()).isTrue();
        theFileComesToTellWhatTheApiDoes();
        snapshots.compress(kept, "\"algorithm\":\"lz4\"").expect(200);
        theFileComesToTellWhatTheApiDoes();

        assertThat(told(home.resolve("subscriber/snapshots.json")).findValuesAsText("id"))
                .contains(kept)
                .doesNotContain(deleted);
    }
}
