package dev.snapfork.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What runs, newest first: the order to stop it in. Once stopping has begun nothing more may start. */
public final class StopOrder {
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Consumer<String> notice;
    private volatile boolean stopping;

    /** Nothing runs yet. */
    public StopOrder(Consumer<String> notice) {
        this.notice = notice;
    }

    /** Starts something. */
    public interface Start<T extends AutoCloseable> {
        T run() throws Exception;
    }

    /** @throws LaunchException when stopping has begun, without having started anything */
    public synchronized <T extends AutoCloseable> T start(Start<T> start) throws Exception {
        if (stopping) {
            throw new LaunchException("Stopped while starting.");
        }
        T started = start.run();
        running.push(started);
        return started;
    }

    /** Whether stopping has begun. */
    public boolean stopping() {
        return stopping;
    }

    /** Stops everything; what fails to stop does not keep the rest from being stopped. */
    public void stop() {
        stopping = true;
        stopAll();
    }

    private synchronized void stopAll() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                notice.accept("Not stopped in order: " + e.getMessage());
            }
        }
    }
}
