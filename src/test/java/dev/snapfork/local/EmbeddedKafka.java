package dev.snapfork.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker on 127.0.0.1 inside this JVM, its own controller too. Its data outlives it; killed at any moment, it
 * recovers at the next start. One per JVM: a broker that gives up ends its JVM, which is turned into {@link #ended()}.
 */
final class EmbeddedKafka implements AutoCloseable {
    /** Not random: a broker refuses a data directory that was formatted for another cluster. */
    private static final String CLUSTER = "c25hcGZvcmstbG9jYWwtMA";

    private static final Duration STOP = Duration.ofSeconds(20);

    private final KafkaRaftServer server;
    private final CompletableFuture<Integer> ended;

    private EmbeddedKafka(KafkaRaftServer server, CompletableFuture<Integer> ended) {
        this.server = server;
        this.ended = ended;
    }

    /**
     * Starts a broker and waits until it takes connections.
     *
     * @param home its data
     * @param port where it listens
     */
    static EmbeddedKafka start(Path home, int port) throws IOException {
        return start(home, port, Map.of());
    }

    /** @param more settings, which come before those that it would have */
    static EmbeddedKafka start(Path home, int port, Map<String, String> more) throws IOException {
        Files.createDirectories(home);
        format(home);
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Exit.setExitProcedure((status, message) -> end(ended, status));
        Exit.setHaltProcedure((status, message) -> end(ended, status));
        var settings = properties(home, port, Ports.orFree(0));
        settings.putAll(more);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka(server, ended);
    }

    private static void end(CompletableFuture<Integer> ended, int status) {
        ended.complete(status);
        throw new IllegalStateException("Kafka gave up with status " + status);
    }

    private static void format(Path home) throws IOException {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(CLUSTER)
                    .setNodeId(1)
                    .setDirectories(List.of(home.toString()))
                    .setMetadataLogDirectory(home.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw new IOException("Kafka's data directory " + home + " cannot be formatted", e);
        }
    }

    /** One broker on a small host, started often: few threads, small buffers, short waits, one replica. */
    private static Map<String, String> properties(Path home, int port, int controllerPort) {
        Map<String, String> properties = new HashMap<>();
        properties.put("node.id", "1");
        properties.put("process.roles", "broker,controller");
        properties.put("controller.quorum.voters", "1@" + Ports.HOST + ":" + controllerPort);
        properties.put(
                "listeners",
                "BROKER://" + Ports.HOST + ":" + port + ",CONTROLLER://" + Ports.HOST + ":" + controllerPort);
        properties.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("inter.broker.listener.name", "BROKER");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("log.dirs", home.toString());
        properties.put("auto.create.topics.enable", "false");

        properties.put("default.replication.factor", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("share.coordinator.state.topic.num.partitions", "1");

        properties.put("num.network.threads", "1");
        properties.put("num.io.threads", "2");
        properties.put("num.recovery.threads.per.data.dir", "1");
        properties.put("background.threads", "2");
        properties.put("group.coordinator.threads", "1");
        properties.put("share.coordinator.threads", "1");
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        properties.put("log.cleaner.io.buffer.size", Integer.toString(128 << 10));

        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("broker.heartbeat.interval.ms", "200");
        // a killed broker's successor may register only when the session of the dead one has run out
        properties.put("broker.session.timeout.ms", "3000");
        return properties;
    }

    /** Completes with a status when the broker gives up by itself. */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    /**
     * Stops the broker, or leaves it to die with the JVM when it takes longer than 20 seconds; it then recovers at the next
     * start.
     */
    @Override
    public void close() throws IOException {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("kafka-stop").start(() -> {
            try {
                server.shutdown();
                server.awaitShutdown();
                stopped.complete(null);
            } catch (RuntimeException e) {
                stopped.completeExceptionally(e);
            }
        });
        try {
            stopped.get(STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("Kafka did not stop in order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while stopping Kafka", e);
        }
    }
}
