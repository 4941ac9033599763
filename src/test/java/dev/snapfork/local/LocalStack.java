package dev.snapfork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * PostgreSQL and Kafka on one data directory, which they share with no other run. They start side by side, since neither
 * needs the other; Kafka stops first, so that what it still serves finds the database.
 */
final class LocalStack implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);

    private final DirectoryLock lock;
    private final LocalAddresses addresses;
    private final CompletableFuture<EmbeddedPostgres> postgres;
    private final CompletableFuture<EmbeddedKafka> kafka;
    private final CompletableFuture<String> broken = new CompletableFuture<>();
    private volatile boolean stopping;

    private LocalStack(
            DirectoryLock lock,
            LocalAddresses addresses,
            CompletableFuture<EmbeddedPostgres> postgres,
            CompletableFuture<EmbeddedKafka> kafka) {
        this.lock = lock;
        this.addresses = addresses;
        this.postgres = postgres;
        this.kafka = kafka;
        var unused = List.of(
                postgres.thenCompose(EmbeddedPostgres::ended).whenComplete((ended, failure) -> report("PostgreSQL")),
                kafka.thenCompose(EmbeddedKafka::ended).whenComplete((status, failure) -> report("Kafka")));
    }

    /**
     * @param data where everything is kept, made when missing
     * @param binaries where PostgreSQL's programs are unpacked
     * @param kafkaPort 0 for any free one
     * @param postgresPort 0 for any free one
     * @param patience how long to wait for another run to give the data directory free
     * @param notice is told what a person should know
     */
    record Settings(
            Path data, Path binaries, int kafkaPort, int postgresPort, Duration patience, Consumer<String> notice) {}

    /**
     * Begins to start both and returns at once, with the addresses where they will be.
     *
     * @throws LaunchException when another process holds the data directory
     */
    static LocalStack begin(Settings settings) throws IOException {
        Path data = Files.createDirectories(settings.data()).toRealPath();
        Path logs = Files.createDirectories(data.resolve("logs"));
        DirectoryLock lock = DirectoryLock.take(data, settings.patience());
        try {
            Ports.requireFree(settings.kafkaPort(), "SNAPFORK_KAFKA_PORT");
            int kafkaPort = Ports.orFree(settings.kafkaPort());
            int postgresPort = Ports.orFree(settings.postgresPort());
            LocalAddresses addresses =
                    LocalAddresses.of(kafkaPort, postgresPort, PostgresCluster.passwordIn(data.resolve("postgres")));
            var postgres = new EmbeddedPostgres.Settings(
                    data.resolve("postgres"),
                    settings.binaries(),
                    logs.resolve("postgres.log"),
                    postgresPort,
                    settings.notice());
            CompletableFuture<EmbeddedPostgres> postgresStart =
                    started("start-postgres", () -> EmbeddedPostgres.start(postgres));
            CompletableFuture<EmbeddedKafka> kafkaStart =
                    started("start-kafka", () -> EmbeddedKafka.start(data.resolve("kafka"), kafkaPort));
            return new LocalStack(lock, addresses, postgresStart, kafkaStart);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private interface Start<T> {
        T run() throws IOException;
    }

    private static <T> CompletableFuture<T> started(String name, Start<T> start) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                result.complete(start.run());
            } catch (IOException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    LocalAddresses addresses() {
        return addresses;
    }

    /** Waits until PostgreSQL takes connections. */
    void awaitPostgres() throws IOException {
        await(postgres);
    }

    /** Waits until both take connections. */
    LocalStack await() throws IOException {
        await(postgres);
        await(kafka);
        return this;
    }

    /** Completes with the name of a part that ended without being told to, or did not start. */
    CompletableFuture<String> broken() {
        return broken;
    }

    private void report(String part) {
        if (!stopping) {
            broken.complete(part);
        }
    }

    private static <T> T await(CompletableFuture<T> part) throws IOException {
        try {
            return part.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LaunchException expected) {
                throw expected;
            }
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new LaunchException("The local stack did not start within " + START.toSeconds() + " s.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        }
    }

    /** Stops what has started, waits for what is about to, and gives the data directory free. */
    @Override
    public void close() throws IOException {
        stopping = true;
        try (lock) {
            try {
                stop(kafka);
            } finally {
                stop(postgres);
            }
        }
    }

    private static void stop(CompletableFuture<? extends AutoCloseable> part) throws IOException {
        try {
            part.get(START.toSeconds(), TimeUnit.SECONDS).close();
        } catch (ExecutionException e) {
            return; // it has not started
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
