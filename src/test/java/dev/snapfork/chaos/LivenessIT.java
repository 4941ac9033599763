package dev.snapfork.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.Eventually;
import dev.snapfork.api.ServiceProcess;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever starts a process again because it is not alive does not do so because Kafka or PostgreSQL is away. */
@Timeout(600)
class LivenessIT {
    /** Longer than consumers, producers and pools wait before they give up. */
    private static final Duration AWAY = Duration.ofSeconds(70);

    private static final Duration BACK = Duration.ofSeconds(60);

    /** As where it is deployed behind a load balancer, which is to go on asking it when Kafka is away. */
    private static final Map<String, String> READY_WITHOUT_KAFKA =
            Map.of("mp.messaging.connector.smallrye-kafka.health-readiness-enabled", "false");

    @Test
    void processesLiveWhileKafkaOrPostgresqlIsAway(@TempDir Path home) throws Exception {
        var binaries = Path.of("target", "postgresql").toAbsolutePath();
        var data = Files.createDirectories(home.resolve("data"));
        try (var stack = new FragileStack(home.resolve("stack"), binaries)) {
            stack.startPostgres();
            stack.startBroker();
            var where = environment(stack);
            try (var api = ServiceProcess.start("api", data, READY_WITHOUT_KAFKA, where);
                    var others = ServiceProcess.start("worker,projection,scheduler", data, Map.of(), where)) {
                var front = ApiClient.at(api.awaitReady());
                var back = ApiClient.at(others.awaitReady());

                stack.killBroker();
                assertAlive(front, back);
                assertThat(front.get("/q/health/ready").status()).isEqualTo(200);
                assertThat(front.get("/snapshots").status()).isEqualTo(200);
                assertThat(back.get("/q/health/ready").status()).isEqualTo(503);
                stack.startBroker();
                awaitReady(front, back);

                stack.killPostgres();
                assertAlive(front, back);
                assertThat(front.get("/q/health/ready").status()).isEqualTo(503);
                stack.startPostgres();
                awaitReady(front, back);
                assertAlive(front, back, Instant.now());
            }
        }
    }

    private static SharedEnvironment environment(FragileStack stack) throws IOException {
        var addresses = stack.addresses();
        return SharedEnvironment.at(addresses);
    }

    private static void assertAlive(ApiClient front, ApiClient back) throws InterruptedException {
        assertAlive(front, back, Instant.now().plus(AWAY));
    }

    private static void assertAlive(ApiClient front, ApiClient back, Instant until) throws InterruptedException {
        do {
            var unused = front.post("/instances/none/snapshots", "{\"kind\":\"Standby\"}");
            assertThat(front.get("/q/health/live").status()).isEqualTo(200);
            assertThat(back.get("/q/health/live").status()).isEqualTo(200);
            TimeUnit.SECONDS.sleep(2);
        } while (Instant.now().isBefore(until));
    }

    private static void awaitReady(ApiClient front, ApiClient back) {
        for (var client : new ApiClient[] {front, back}) {
            Eventually.see(BACK, () -> client.get("/q/health/ready"), answer -> answer.status() == 200);
        }
    }
}
