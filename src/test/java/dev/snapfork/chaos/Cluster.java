package dev.snapfork.chaos;

import dev.snapfork.api.NodePackage;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.FragileStack;
import dev.snapfork.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Everything that runs: a broker, PostgreSQL, an API, a projection, two workers on one data directory, and who follows the events. */
final class Cluster implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Cluster.class);
    private static final long SUPERVISE_EVERY_MILLIS = 300;

    private final Path data;
    private final SharedEnvironment environment;
    private final FragileStack stack;
    private final List<ServiceVictim> services;
    private final Optional<Subscriber> subscriber;
    private final List<Victim> all;
    private final String base;
    /** Who is dead because the killer wants it so. */
    private final Set<Victim> buried = ConcurrentHashMap.newKeySet();

    private final Thread supervisor;

    private Cluster(Path home, FragileStack stack) throws IOException, InterruptedException {
        this.stack = stack;
        this.data = Files.createDirectories(home.resolve("data"));
        var addresses = stack.addresses();
        this.environment = SharedEnvironment.at(addresses);
        var port = Ports.orFree(0);
        this.base = "http://127.0.0.1:" + port;
        this.services = List.of(
                service("api", "api", Map.of("quarkus.http.port", Integer.toString(port))),
                service("projection", "projection", Map.of("snapfork.instance-id", "projection")),
                service("worker-1", "worker", Map.of("snapfork.instance-id", "worker-1")),
                service("worker-2", "worker", Map.of()));
        this.subscriber = NodePackage.canBeInstalled()
                ? Optional.of(new Subscriber(home.resolve("subscriber"), environment.bootstrapServers()))
                : Optional.empty();
        this.all = Stream.of(services.stream(), Stream.of(new Broker(stack), new Postgres(stack)), subscriber.stream())
                .<Victim>flatMap(victims -> victims)
                .toList();
        this.supervisor = Thread.ofPlatform().daemon().name("supervisor").unstarted(this::supervise);
    }

    /** @param home is made, and holds everything */
    static Cluster start(Path home) throws IOException, InterruptedException {
        var stack = new FragileStack(
                home.resolve("stack"), Path.of("target", "postgresql").toAbsolutePath());
        stack.startPostgres();
        stack.startBroker();
        var cluster = new Cluster(home, stack);
        for (var service : cluster.services) {
            service.start();
        }
        cluster.awaitReady();
        cluster.supervisor.start();
        return cluster;
    }

    private ServiceVictim service(String name, String roles, Map<String, String> settings) {
        return new ServiceVictim(name, roles, data, environment, settings);
    }

    Path data() {
        return data;
    }

    SharedEnvironment environment() {
        return environment;
    }

    /** Empty where there is no Node. */
    Optional<Subscriber> subscriber() {
        return subscriber;
    }

    /** Where the API listens, however often it is started. */
    String base() {
        return base;
    }

    List<Victim> victims() {
        return all;
    }

    /** The supervisor leaves it dead until {@link #revive}. */
    void bury(Victim victim) throws IOException {
        buried.add(victim);
        victim.kill();
    }

    void revive(Victim victim) {
        buried.remove(victim);
    }

    /** As an operator's supervisor does: starts again what has died. */
    private void supervise() {
        while (!Thread.currentThread().isInterrupted()) {
            for (var victim : all) {
                if (!victim.isAlive() && !buried.contains(victim)) {
                    try {
                        victim.start();
                    } catch (IOException | RuntimeException e) {
                        LOG.infof("could not start %s yet: %s", victim.name(), e.toString());
                    }
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(SUPERVISE_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Has everything live and go on, and waits until it is ready. */
    void heal() throws IOException {
        for (var victim : all) {
            revive(victim);
            victim.resume();
        }
        awaitReady();
    }

    private void awaitReady() {
        for (var service : services) {
            Waiting.until("ready: " + service.name(), () -> {
                try {
                    service.awaitReady();
                    return true;
                } catch (AssertionError | UncheckedIOException | IllegalStateException e) {
                    // it may just have been started again
                    return false;
                }
            });
        }
    }

    @Override
    public void close() throws IOException {
        supervisor.interrupt();
        for (var victim : all) {
            buried.add(victim);
        }
        for (var service : services) {
            service.resume();
            service.kill();
        }
        if (subscriber.isPresent()) {
            subscriber.get().kill();
        }
        stack.close();
    }

    private record Broker(FragileStack stack) implements Victim {
        @Override
        public String name() {
            return "broker";
        }

        @Override
        public void start() throws IOException {
            stack.startBroker();
        }

        @Override
        public boolean isAlive() {
            return stack.isBrokerAlive();
        }

        @Override
        public void kill() throws IOException {
            stack.killBroker();
        }

        @Override
        public void pause() throws IOException {
            stack.signalBroker("STOP");
        }

        @Override
        public void resume() throws IOException {
            stack.signalBroker("CONT");
        }
    }

    private record Postgres(FragileStack stack) implements Victim {
        @Override
        public String name() {
            return "postgres";
        }

        @Override
        public void start() throws IOException {
            stack.startPostgres();
        }

        @Override
        public boolean isAlive() {
            return stack.isPostgresAlive();
        }

        @Override
        public void kill() throws IOException {
            stack.killPostgres();
        }

        @Override
        public void pause() throws IOException {
            stack.signalPostgres("STOP");
        }

        @Override
        public void resume() throws IOException {
            stack.signalPostgres("CONT");
        }
    }
}
