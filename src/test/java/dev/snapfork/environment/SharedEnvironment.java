package dev.snapfork.environment;

import dev.snapfork.local.LocalAddresses;
import dev.snapfork.local.StackProbe;
import java.io.IOException;
import java.util.Properties;

/**
 * The one environment of a test JVM, started at the first call and stopped when the JVM ends. Quarkus loads test classes in
 * several class loaders; the addresses are kept in the system properties, which all of them share.
 */
public record SharedEnvironment(
        String bootstrapServers, String jdbcUrl, String reactiveUrl, String username, String password) {
    private static final String PREFIX = "environment.shared.";

    /**
     * One object in the whole JVM, as equal string constants are, whichever class loader loaded this class. The system
     * properties themselves will not do: Testcontainers reads them on threads of its own while this one waits for them.
     */
    private static final String LOCK = "the lock of the environment that all tests share";

    /**
     * Finds the environment, or starts it.
     *
     * @throws IOException when it does not start
     */
    public static SharedEnvironment get() throws IOException {
        Properties properties = System.getProperties();
        synchronized (LOCK) {
            if (properties.getProperty(PREFIX + "jdbc") == null) {
                publish(Environments.choose(), properties);
            }
            return new SharedEnvironment(
                    properties.getProperty(PREFIX + "kafka"),
                    properties.getProperty(PREFIX + "jdbc"),
                    properties.getProperty(PREFIX + "reactive"),
                    properties.getProperty(PREFIX + "username"),
                    properties.getProperty(PREFIX + "password"));
        }
    }

    /** What runs at these addresses, which is somebody else's to stop. */
    public static SharedEnvironment at(LocalAddresses addresses) {
        return new SharedEnvironment(
                addresses.bootstrapServers(),
                addresses.jdbcUrl(),
                addresses.reactiveUrl(),
                addresses.username(),
                addresses.password());
    }

    /** A client of its broker and its database. */
    public StackProbe probe() {
        return new StackProbe(bootstrapServers, jdbcUrl, username, password);
    }

    private static void publish(Environment environment, Properties properties) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> close(environment)));
        properties.setProperty(PREFIX + "kafka", environment.bootstrapServers());
        properties.setProperty(PREFIX + "reactive", environment.reactiveUrl());
        properties.setProperty(PREFIX + "username", environment.username());
        properties.setProperty(PREFIX + "password", environment.password());
        properties.setProperty(PREFIX + "jdbc", environment.jdbcUrl());
    }

    @SuppressWarnings("SystemOut")
    private static void close(Environment environment) {
        try {
            environment.close();
        } catch (IOException e) {
            System.err.println("The test environment was not stopped in order: " + e.getMessage());
        }
    }
}
