package dev.snapfork.bench;

import dev.snapfork.api.ApiClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends to the replicas by turns that said that they were ready when they were last asked, as a load balancer does. Nobody tells it
 * that a replica is about to be stopped.
 */
final class Balancer implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int READY = 200;

    private final Map<String, ApiClient> replicas = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Thread probing = Thread.ofPlatform().daemon().name("probes").unstarted(this::probe);
    private volatile List<ApiClient> ready = List.of();

    /** Begins to look. */
    Balancer begin() {
        probing.start();
        return this;
    }

    /** A replica that is ready. */
    void add(String base) {
        replicas.put(base, ApiClient.at(base));
        look();
    }

    /** One that does not run any more. */
    void remove(String base) {
        replicas.remove(base);
        look();
    }

    /** @throws IllegalStateException when none is ready */
    ApiClient next() {
        var candidates = ready;
        if (candidates.isEmpty()) {
            throw new IllegalStateException("no replica is ready");
        }
        return candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size()));
    }

    private void probe() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look() {
        ready = replicas.values().stream().filter(Balancer::isReady).toList();
    }

    private static boolean isReady(ApiClient replica) {
        try {
            return replica.get("/q/health/ready").status() == READY;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        probing.interrupt();
    }
}
