package dev.snapfork.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Runs everything on one host: PostgreSQL, Kafka and the service, on one data directory, until it is told to stop or a part
 * of it ends. Stops the service first, then Kafka, then PostgreSQL. {@code deploy/local/run} starts it.
 */
final class LocalRun {
    private static final Duration READY = Duration.ofSeconds(60);

    private final Map<String, String> environment;
    private final StopOrder order = new StopOrder(LocalRun::say);

    private LocalRun(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs until told to stop. The argument is the path of the service's {@code quarkus-run.jar}. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        LocalRun run = new LocalRun(System.getenv());
        try {
            run.untilPartEnds(Path.of(args[0]).toAbsolutePath());
        } catch (Exception e) {
            // what breaks because everything is being stopped is no news
            if (!run.order.stopping()) {
                report(e);
            }
        }
        System.exit(1);
    }

    private static void report(Exception e) {
        if (e instanceof LaunchException) {
            say(String.valueOf(e.getMessage()));
        } else {
            e.printStackTrace(System.err);
        }
    }

    private void untilPartEnds(Path jar) throws Exception {
        Path data = Files.createDirectories(Path.of(setting("SNAPFORK_DATA_DIR", ".snapfork")))
                .toRealPath();
        int port = port("SNAPFORK_PORT", 4973);
        Files.createDirectories(data.resolve("cache"));
        BrokerLog.to(data.resolve("logs").resolve("kafka.log"));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(order::stop));

        LocalStack stack = order.start(() -> LocalStack.begin(new LocalStack.Settings(
                data,
                data.resolve("postgres").resolve("programs"),
                port("SNAPFORK_KAFKA_PORT", 4974),
                port("SNAPFORK_POSTGRES_PORT", 4975),
                Duration.ZERO,
                LocalRun::say)));
        Service.stopLeftover(data, LocalRun::say);
        Ports.requireFree(port, "SNAPFORK_PORT");
        Credentials credentials = Credentials.in(data);
        // Kafka takes longer than PostgreSQL, and the service connects to it later: they start side by side
        stack.awaitPostgres();
        Service service = order.start(() -> Service.start(
                new Service.Settings(jar, data, port, javaOptions(), configuration(data, port, stack, credentials)),
                LocalRun::say));
        stack.await();
        service.awaitReady(READY);
        System.out.println("Snapfork is ready at http://" + Ports.HOST + ":" + port + "  (token: "
                + credentials.tokenFile() + ")");

        String ended = CompletableFuture.anyOf(stack.broken(), service.ended().thenApply(process -> "the service"))
                .thenApply(String.class::cast)
                .get();
        if (!order.stopping()) {
            say("Stopping, because " + ended + " ended. See " + data.resolve("logs") + ".");
        }
    }

    private static Map<String, String> configuration(Path data, int port, LocalStack stack, Credentials credentials) {
        LocalAddresses addresses = stack.addresses();
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", addresses.bootstrapServers(),
                "QUARKUS_DATASOURCE_JDBC_URL", addresses.jdbcUrl(),
                "QUARKUS_DATASOURCE_REACTIVE_URL", addresses.reactiveUrl(),
                "QUARKUS_DATASOURCE_USERNAME", addresses.username(),
                "QUARKUS_DATASOURCE_PASSWORD", addresses.password(),
                "QUARKUS_HTTP_HOST", Ports.HOST,
                "QUARKUS_HTTP_PORT", Integer.toString(port),
                "SNAPFORK_DATA_DIR", data.toString(),
                "SNAPFORK_INSTANCE_ID", "local",
                "SNAPFORK_AUTH_SECRET_FILE", credentials.secretFile().toString());
    }

    private List<String> javaOptions() {
        return Stream.of(setting("SNAPFORK_JAVA_OPTS", "").split(" ", -1))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    private String setting(String variable, String otherwise) {
        String value = environment.get(variable);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private int port(String variable, int otherwise) {
        String value = setting(variable, Integer.toString(otherwise));
        try {
            int port = Integer.parseInt(value);
            if (port > 0 && port < 65_536) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new LaunchException(variable + " is not a port number: " + value, e);
        }
        throw new LaunchException(variable + " is not a port number: " + value);
    }

    @SuppressWarnings("SystemOut")
    private static void say(String line) {
        System.err.println(line);
    }
}
