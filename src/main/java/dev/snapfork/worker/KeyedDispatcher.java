package dev.snapfork.worker;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs work of one key in order, one at a time, and that of different keys side by side. At most {@code capacity} pieces are in
 * work or waiting for their key's turn; the caller is asked to hold back when that many are.
 */
final class KeyedDispatcher implements AutoCloseable {
    private static final Duration IDLE_THREADS_KEPT = Duration.ofSeconds(30);

    private final Map<String, CompletableFuture<Void>> lastOfKey = new HashMap<>();
    private final ThreadPoolExecutor threads;
    private final int capacity;
    private int inFlight;
    private @Nullable CompletableFuture<Void> heldBack;

    KeyedDispatcher(String name, int capacity) {
        this(name, capacity, capacity);
    }

    /** @param threadCount how many of them are in work at once */
    KeyedDispatcher(String name, int threadCount, int capacity) {
        this.capacity = capacity;
        // Only the first of each key has a task here, so the queue never holds more than the capacity.
        threads = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                IDLE_THREADS_KEPT.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(capacity),
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Takes a piece of work on; call again only after the returned item has come.
     *
     * @return an item once there is room for another piece
     */
    synchronized Uni<Void> dispatch(String key, Runnable work) {
        inFlight++;
        var before = lastOfKey.getOrDefault(key, CompletableFuture.completedFuture(null));
        var done = before.handleAsync(
                (ignored, failure) -> {
                    work.run();
                    return (Void) null;
                },
                threads);
        lastOfKey.put(key, done);
        var unused = done.whenComplete((ignored, failure) -> finished(key, done));
        if (inFlight < capacity) {
            return Uni.createFrom().voidItem();
        }
        heldBack = new CompletableFuture<>();
        return Uni.createFrom().completionStage(heldBack);
    }

    private void finished(String key, CompletableFuture<Void> done) {
        @Nullable CompletableFuture<Void> resumed;
        synchronized (this) {
            inFlight--;
            lastOfKey.remove(key, done);
            resumed = heldBack;
            heldBack = null;
        }
        if (resumed != null) {
            resumed.complete(null);
        }
    }

    /** How many pieces are in work. */
    int inWork() {
        return threads.getActiveCount();
    }

    /** How many were taken on and are not in work: their key's turn has not come, or no thread is free. */
    synchronized int waiting() {
        return Math.max(0, inFlight - threads.getActiveCount());
    }

    /** Interrupts what is in work. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
