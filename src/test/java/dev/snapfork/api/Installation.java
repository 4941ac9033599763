package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import dev.snapfork.local.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** A service with a Kafka, a PostgreSQL and a data directory of its own, which can be lost one by one. */
final class Installation implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path home;
    private final FragileStack stack;
    private final SharedEnvironment environment;
    private final Runbook runbook;
    private final boolean dumps;
    private String base = "";
    private List<ServiceProcess> running = List.of();

    /** Starts Kafka and PostgreSQL, and no process of the service. */
    Installation(Path home) throws IOException, InterruptedException {
        this.home = home;
        this.stack = new FragileStack(
                home.resolve("stack"), Path.of("target", "postgresql").toAbsolutePath());
        stack.startPostgres();
        stack.startBroker();
        Files.createDirectories(data());
        this.environment = SharedEnvironment.at(stack.addresses());
        this.runbook = new Runbook(data(), home.resolve("backup"), environment);
        this.dumps = runbook.canDump();
        if (!dumps) {
            System.out.println("pg_dump is older than the server, or not there: PostgreSQL's files are copied instead");
        }
    }

    Path data() {
        return home.resolve("data");
    }

    /** Returns when it is ready. */
    ApiClient start(String roles) throws IOException {
        var process = ServiceProcess.start(roles, data(), Map.of(), environment);
        running = List.of(process);
        base = process.awaitReady();
        return ApiClient.at(base);
    }

    void stop() throws IOException {
        for (var process : running) {
            process.close();
        }
        running = List.of();
        base = "";
    }

    /** Does what the runbook says under that comment. */
    void follow(String title) throws IOException, InterruptedException {
        runbook.run(title, base);
    }

    /** As the runbook says, with nothing of the service running. */
    void backUp() throws IOException, InterruptedException {
        if (dumps) {
            follow("the dump of PostgreSQL");
        } else {
            copyPostgres("stack/postgres/cluster", "postgres");
        }
        follow("the copy of the data directory");
    }

    void restorePostgres() throws IOException, InterruptedException {
        if (dumps) {
            follow("an empty schema");
            follow("PostgreSQL from the dump");
        } else {
            copyPostgres("postgres", "stack/postgres/cluster");
        }
    }

    private void copyPostgres(String from, String to) throws IOException, InterruptedException {
        stack.killPostgres();
        Trees.delete(home.resolve(to));
        var copy = new ProcessBuilder("cp", "-a", from, to)
                .directory(home.toFile())
                .inheritIO()
                .start();
        assertThat(copy.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(copy.exitValue()).isZero();
        stack.startPostgres();
    }

    /** Leaves a new one with nothing in it. */
    void losePostgres() throws IOException {
        stack.killPostgres();
        Trees.delete(home.resolve("stack/postgres/cluster"));
        stack.startPostgres();
    }

    /** As {@link #losePostgres}. */
    void loseKafka() throws IOException {
        stack.killBroker();
        Trees.delete(home.resolve("stack/kafka"));
        stack.startBroker();
    }

    void deleteTopics(List<String> topics) throws Exception {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", environment.bootstrapServers()))) {
            admin.deleteTopics(topics).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Has the read model made of the log alone, and nothing else. */
    void forgetTheReadModel() throws Exception {
        for (var table : List.of("snapshot_state", "instance_state", "schedule_view", "health_finding")) {
            environment.probe().empty(table);
        }
        ApiClient.at(base).post("/read-model/rebuild", "").expect(202);
    }

    /** How many of these hold the one name that they have. */
    long namesOf(String... owners) {
        try {
            return environment
                    .probe()
                    .sql("select owner_id from name_claim where owner_id in ('" + String.join("','", owners) + "')")
                    .size();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What callers see of what is there. */
    List<JsonNode> catalogue() {
        var api = ApiClient.at(base);
        return List.of(
                api.get("/instances").expect(200).json(),
                api.get("/snapshots").expect(200).json());
    }

    @Override
    public void close() throws IOException {
        stop();
        stack.close();
    }
}
