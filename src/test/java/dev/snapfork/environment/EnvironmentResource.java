package dev.snapfork.environment;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/**
 * Gives a Quarkus test the shared environment and a fresh data directory. Tests that need an empty database or topics of
 * their own name them in their own configuration; this one is shared by all tests of the JVM.
 */
public final class EnvironmentResource implements QuarkusTestResourceLifecycleManager {
    /** What tests sign their tokens with. */
    public static final String AUTH_SECRET = "a-secret-of-tests-that-is-long-enough-for-HS512-0123456789-0123456789";

    @Override
    public Map<String, String> start() {
        try {
            SharedEnvironment environment = SharedEnvironment.get();
            return Map.of(
                    "kafka.bootstrap.servers", environment.bootstrapServers(),
                    "quarkus.datasource.jdbc.url", environment.jdbcUrl(),
                    "quarkus.datasource.reactive.url", environment.reactiveUrl(),
                    "quarkus.datasource.username", environment.username(),
                    "quarkus.datasource.password", environment.password(),
                    "quarkus.http.host", "127.0.0.1",
                    "quarkus.http.test-port", "0",
                    "snapfork.data-dir",
                            Files.createTempDirectory("snapfork-test-").toString(),
                    "snapfork.auth.secret", AUTH_SECRET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves the environment to the next test; it is stopped with the JVM. */
    @Override
    public void stop() {}
}
