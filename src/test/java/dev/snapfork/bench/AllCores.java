package dev.snapfork.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbered pieces of work, shared by a thread for each processor. */
final class AllCores {
    private AllCores() {}

    /** What one thread does its pieces with. */
    interface Worker extends AutoCloseable {
        void piece(int number) throws IOException;

        @Override
        void close();
    }

    /** Makes the worker of one thread. */
    interface Hiring {
        Worker worker();
    }

    static Sample time(int pieces, Hiring hiring) throws IOException {
        return Stopwatch.time(() -> share(pieces, hiring));
    }

    private static void share(int pieces, Hiring hiring) throws IOException {
        var next = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(Lab.processors())) {
            var running = new ArrayList<Future<?>>();
            for (var thread = 0; thread < Lab.processors(); thread++) {
                running.add(threads.submit(() -> {
                    try (var worker = hiring.worker()) {
                        for (var i = next.getAndIncrement(); i < pieces; i = next.getAndIncrement()) {
                            worker.piece(i);
                        }
                    }
                    return null;
                }));
            }
            for (var thread : running) {
                thread.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while measuring a limit", e);
        }
    }
}
