package dev.snapfork.bench;

import dev.snapfork.api.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask the same, each at a pace of its own: when an answer is late the next request is not, and its time counts from when it
 * was due, so that nobody is left out who would have had to wait.
 */
final class Crowd {
    static final int CLIENTS = 64;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String base;
    private final String path;
    private final int pace;
    private final String authorization = "Bearer " + Tokens.everything();

    /** @param pace how often each client asks in a second */
    Crowd(String base, String path, int pace) {
        this.base = base;
        this.path = path;
        this.pace = pace;
    }

    /** Asks for so long; returns how long each answer took, in milliseconds, sorted. */
    List<Double> ask(Duration length) throws InterruptedException {
        var times = Collections.synchronizedList(new ArrayList<Double>());
        var begun = System.nanoTime();
        var step = TimeUnit.SECONDS.toNanos(1) / pace;
        try (var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var client = 0; client < CLIENTS; client++) {
                var first = begun + step * client / CLIENTS;
                threads.execute(() -> {
                    for (var due = first; due - begun < length.toNanos(); due += step) {
                        LockSupport.parkNanos(due - System.nanoTime());
                        get(http);
                        times.add((System.nanoTime() - due) / 1e6);
                    }
                });
            }
            threads.shutdown();
            if (!threads.awaitTermination(length.toSeconds() + 60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the answers do not come");
            }
        }
        var sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return sorted;
    }

    private void get(HttpClient http) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", authorization)
                .timeout(LIMIT)
                .build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param sorted not empty */
    static double percentile(List<Double> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
