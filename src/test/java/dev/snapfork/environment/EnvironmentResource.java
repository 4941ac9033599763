package dev.snapfork.environment;

import dev.snapfork.local.Trees;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a Quarkus test the shared environment and a fresh data directory. Tests that need an empty database or topics of
 * their own name them in their own configuration; this one is shared by all tests of the JVM.
 */
public final class EnvironmentResource implements QuarkusTestResourceLifecycleManager {
    /** What tests sign their tokens with. */
    public static final String AUTH_SECRET = "a-secret-of-tests-that-is-long-enough-for-HS512-0123456789-0123456789";

    private static final String NO_MONITOR = "/nonexistent/qemu";

    private @Nullable Path data;

    @Override
    public Map<String, String> start() {
        try {
            SharedEnvironment environment = SharedEnvironment.get();
            Path fresh = Files.createTempDirectory("snapfork-test-");
            data = fresh;
            return Map.ofEntries(
                    Map.entry("kafka.bootstrap.servers", environment.bootstrapServers()),
                    Map.entry("quarkus.datasource.jdbc.url", environment.jdbcUrl()),
                    Map.entry("quarkus.datasource.reactive.url", environment.reactiveUrl()),
                    Map.entry("quarkus.datasource.username", environment.username()),
                    Map.entry("quarkus.datasource.password", environment.password()),
                    Map.entry("quarkus.http.host", "127.0.0.1"),
                    Map.entry("quarkus.http.test-port", "0"),
                    Map.entry("snapfork.data-dir", fresh.toString()),
                    Map.entry("snapfork.auth.secret", AUTH_SECRET),
                    Map.entry(
                            "snapfork.machines.runtime-dir",
                            fresh.resolve("run").toString()),
                    // what is answered does not depend on what the host has installed
                    Map.entry("snapfork.machines.qemu.binary", NO_MONITOR));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the data directory. The environment is left to the next test; it stops with the JVM. */
    @Override
    public void stop() {
        try {
            if (data != null) {
                Trees.delete(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
