package dev.snapfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    private static final long LIMIT_MINUTES = 4;

    private final Path data;

    DoctorTest(@TempDir Path data) {
        this.data = data;
    }

    private record Said(int status, String text) {}

    private Said doctor(Map<String, String> settings, String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<String>();
        command.add("deploy/local/doctor");
        command.addAll(java.util.List.of(arguments));
        var output = data.resolve("output");
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        var environment = new HashMap<>(settings);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("SNAPFORK_DOCTOR_CLASSPATH", System.getProperty("java.class.path"));
        environment.put("SNAPFORK_DATA_DIR", data.resolve("data").toString());
        environment.put("SNAPFORK_MACHINES_QEMU_BINARY", "/nonexistent/qemu");
        process.environment().putAll(environment);
        var started = process.start();
        if (!started.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            started.destroyForcibly();
            throw new AssertionError("the doctor takes longer than " + LIMIT_MINUTES + " minutes");
        }
        return new Said(started.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    @Test
    void aHostWithAllThatTheServiceNeedsHasNoFailure() throws Exception {
        var there = SharedEnvironment.get();

        var said = doctor(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", there.bootstrapServers(),
                "QUARKUS_DATASOURCE_JDBC_URL", there.jdbcUrl(),
                "QUARKUS_DATASOURCE_USERNAME", there.username(),
                "QUARKUS_DATASOURCE_PASSWORD", there.password()));

        assertThat(said.text()).contains(" 0 FAIL").doesNotContain("could not be looked at");
        assertThat(said.status()).isZero();
        for (var check : new String[] {
            "JDK",
            "free disk",
            "disk speed",
            "disk sync",
            "codec zstd 1",
            "codec lz4 0",
            "Kafka",
            "snapfork.events",
            "PostgreSQL",
            "connections",
            "durability",
            "schema"
        }) {
            assertThat(said.text()).containsPattern("(?m)^(OK|WARN) +" + check.replace(".", "\\.") + " +\\S");
        }
        assertThat(said.text()).containsPattern("(?m)^WARN +qemu +.*/nonexistent/qemu");
        try (var left = Files.list(data.resolve("data"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatWasNamedAndDoesNotAnswerFails() throws Exception {
        var said = doctor(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/snapfork"));

        assertThat(said.status()).isOne();
        assertThat(said.text())
                .containsPattern("(?m)^FAIL +Kafka +127.0.0.1:1 does not answer")
                .containsPattern("(?m)^FAIL +PostgreSQL +")
                .contains(" 2 FAIL");
    }

    /** The service would refuse to start with it. */
    @Test
    void aLedgerThatIsNotAsConfiguredFails() throws Exception {
        var there = SharedEnvironment.get();

        var said = doctor(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", there.bootstrapServers(),
                "SNAPFORK_TOPICS_PARTITIONS", "7",
                "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/snapfork"));

        assertThat(said.status()).isOne();
        assertThat(said.text()).containsPattern("(?m)^FAIL +ledger +.*SNAPFORK_TOPICS_PARTITIONS is 7");
    }

    @Test
    void howKafkaLetsOneInIsReadAsWell() throws Exception {
        var said = doctor(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                "KAFKA_SECURITY_PROTOCOL", "CARRIER_PIGEON",
                "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/snapfork"));

        assertThat(said.status()).isOne();
        assertThat(said.text()).containsPattern("(?m)^FAIL +Kafka +correct the variables .*CARRIER_PIGEON");
    }

    @Test
    void aValueThatIsNoneIsNamedWithoutAStack() throws Exception {
        var said = doctor(Map.of("SNAPFORK_WORKER_MAX_IN_FLIGHT", "many"));

        assertThat(said.status()).isOne();
        assertThat(said.text())
                .containsPattern("(?m)^FAIL +configuration +.*snapfork.worker.max-in-flight.*many")
                .doesNotContain("\tat ");
    }

    @Test
    void itSaysWhatItDoes() throws Exception {
        var said = doctor(Map.of(), "-h");

        assertThat(said.status()).isZero();
        assertThat(said.text()).startsWith("Usage: deploy/local/doctor").contains("FAIL");
    }
}
