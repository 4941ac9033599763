package dev.snapfork.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Calls a service as a client does. Used by many threads. */
final class Api implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String base;
    private final String token;

    Api(String base, String token) {
        this.base = base;
        this.token = token;
    }

    /** The body of the answer, which must have this status. */
    JsonNode get(String path) throws IOException {
        return JSON.readTree(send(request(path).GET(), 200));
    }

    /** What it took until the command had settled and the answer was there, in seconds. */
    double timedPost(String path, String body) throws IOException {
        var request = posting(path, body);
        var start = System.nanoTime();
        send(request, 201);
        return Stopwatch.since(start);
    }

    /** The id of what was made. */
    String post(String path, String body) throws IOException {
        return JSON.readTree(send(posting(path, body), 201)).path("id").asText();
    }

    void delete(String path) throws IOException {
        send(request(path).DELETE(), 204);
    }

    /** Asks for a snapshot to be compressed and waits until it is. */
    void compress(String snapshot, String algorithm) throws IOException {
        var call = posting("/snapshots/" + snapshot + "/compress", "{\"algorithm\":\"" + algorithm + "\"}");
        send(call.header("Prefer", "respond-async"), 202);
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            var state = get("/snapshots/" + snapshot).path("compression_state").asText();
            if (state.equals("compressed")) {
                return;
            }
            if (state.equals("error")) {
                throw new IOException("snapshot " + snapshot + " could not be compressed");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        throw new IOException("snapshot " + snapshot + " is not compressed after " + LIMIT);
    }

    /** Compresses a snapshot with zstd at level 1 in one call, which is answered when that has settled. */
    void compressAndWait(String snapshot, int level) throws IOException {
        var body = "{\"algorithm\":\"zstd\",\"level\":%d}".formatted(level);
        send(posting("/snapshots/" + snapshot + "/compress", body), 200);
    }

    private HttpRequest.Builder posting(String path, String body) {
        return request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token);
    }

    private String send(HttpRequest.Builder request, int expected) throws IOException {
        var call = request.build();
        try {
            var answer = http.send(call, BodyHandlers.ofString());
            if (answer.statusCode() != expected) {
                throw new IOException(call.method() + " " + call.uri() + " was answered with " + answer.statusCode()
                        + " " + answer.body());
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while calling " + call.uri(), e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
