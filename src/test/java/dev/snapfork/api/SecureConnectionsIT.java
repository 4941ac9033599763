package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import dev.snapfork.local.LocalAddresses;
import dev.snapfork.local.StackProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka with TLS and passwords, and PostgreSQL with TLS: what SECURITY.md says to set is enough. */
@Timeout(300)
class SecureConnectionsIT {
    private static final String ROLES = "api,worker,projection,scheduler";

    private static String login(String user, String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\""
                .formatted(user, password);
    }

    private static void secureTheBroker(FragileStack stack, Certificates certificates) throws IOException {
        var listener = "listener.name.broker.";
        Files.writeString(
                stack.brokerSettings(),
                String.join(
                        "\n",
                        "listener.security.protocol.map=BROKER:SASL_SSL,CONTROLLER:PLAINTEXT",
                        "sasl.enabled.mechanisms=PLAIN",
                        "sasl.mechanism.inter.broker.protocol=PLAIN",
                        listener + "plain.sasl.jaas.config=" + login("broker", "b")
                                + " user_broker=\"b\" user_snapfork=\"s\";",
                        "ssl.keystore.type=PKCS12",
                        "ssl.keystore.location=" + certificates.keyStore(),
                        "ssl.keystore.password=" + Certificates.PASSWORD,
                        "ssl.truststore.type=PEM",
                        "ssl.truststore.location=" + certificates.certificate(),
                        ""));
    }

    private static void secureTheDatabase(FragileStack stack, Certificates certificates)
            throws IOException, GeneralSecurityException, SQLException {
        var home = stack.postgresHome();
        var owner = Files.getOwner(home);
        for (var file : Map.of(
                        "server.crt", Files.readString(certificates.certificate()),
                        "server.key", certificates.key(),
                        "pg_hba.conf", "hostssl all all 127.0.0.1/32 scram-sha-256\n")
                .entrySet()) {
            var place = home.resolve(file.getKey());
            Files.writeString(place, file.getValue());
            Files.setOwner(place, owner);
            Files.setPosixFilePermissions(place, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        }
        var addresses = stack.addresses();
        var superuser =
                new StackProbe(addresses.bootstrapServers(), addresses.jdbcUrl(), "postgres", addresses.password());
        superuser.sql("alter system set ssl = on");
        superuser.sql("select pg_reload_conf()");
    }

    /** What SECURITY.md names. */
    private static Map<String, String> settings(LocalAddresses addresses, Certificates certificates) {
        return new HashMap<>(Map.of(
                "kafka.security.protocol", "SASL_SSL",
                "kafka.sasl.mechanism", "PLAIN",
                "kafka.sasl.jaas.config", login("snapfork", "s") + ";",
                "kafka.ssl.truststore.type", "PEM",
                "kafka.ssl.truststore.location", certificates.certificate().toString(),
                "quarkus.datasource.reactive.postgresql.ssl-mode", "verify-full",
                "quarkus.datasource.reactive.hostname-verification-algorithm", "HTTPS",
                "quarkus.datasource.reactive.trust-certificate-pem", "true",
                "quarkus.datasource.reactive.trust-certificate-pem.certs",
                        certificates.certificate().toString(),
                "quarkus.datasource.jdbc.url",
                        addresses.jdbcUrl() + "?sslmode=verify-full&sslrootcert=" + certificates.certificate()));
    }

    private static SharedEnvironment environment(LocalAddresses addresses) {
        return SharedEnvironment.at(addresses);
    }

    @Test
    void theServiceWorksOverConnectionsThatNobodyElseCanReadOrUse(@TempDir Path home) throws Exception {
        var certificates = Certificates.make(home.resolve("certificates"));
        try (var stack = new FragileStack(
                home.resolve("stack"), Path.of("target", "postgresql").toAbsolutePath())) {
            stack.startPostgres();
            secureTheDatabase(stack, certificates);
            secureTheBroker(stack, certificates);
            stack.startBroker();
            var addresses = stack.addresses();
            var data = Files.createDirectories(home.resolve("data"));

            try (var process =
                    ServiceProcess.start(ROLES, data, settings(addresses, certificates), environment(addresses))) {
                var api = ApiClient.at(process.awaitReady());
                var instance = new Guests(data, api).newStandby();
                var snapshot = new Snapshots(api).take(instance, "Standby");

                assertThat(api.get("/snapshots/" + snapshot + "/events")
                                .expect(200)
                                .json())
                        .hasSize(1);
            }

            var plain = new StackProbe(
                    addresses.bootstrapServers(),
                    addresses.jdbcUrl() + "?sslmode=disable",
                    addresses.username(),
                    addresses.password());
            assertThatThrownBy(() -> plain.sql("select 1")).isInstanceOf(SQLException.class);
            var wrong = settings(addresses, certificates);
            wrong.put("kafka.sasl.jaas.config", login("snapfork", "wrong") + ";");
            try (var process = ServiceProcess.start(ROLES, data, wrong, environment(addresses))) {
                var log = Eventually.see(java.time.Duration.ofSeconds(90), process::log, text -> !process.alive());
                assertThat(log).contains("Authentication failed");
            }
        }
    }
}
