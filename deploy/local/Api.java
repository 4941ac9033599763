import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The running service's API, as far as the demos need it. */
final class Api {
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI address;
    private final Path data;
    private final String token;
    private final Duration patience;
    private final ReentrantLock making = new ReentrantLock();

    /** @param patience how long an answer may take */
    Api(String port, Path data, Duration patience) throws IOException, Problem {
        this.address = URI.create("http://127.0.0.1:" + port);
        this.data = data;
        this.patience = patience;
        this.token = token(data);
    }

    private static String token(Path data) throws IOException, Problem {
        try {
            return Files.readString(data.resolve("token")).strip();
        } catch (NoSuchFileException e) {
            throw new Problem("There is no " + data.resolve("token")
                    + ": start the service with deploy/local/run, and with the same SNAPFORK_DATA_DIR.");
        }
    }

    void requireService() throws Problem, InterruptedException {
        try {
            var answer = send("GET", "/instances?limit=1", null);
            if (answer.statusCode() == 401) {
                throw new Problem("The service at " + address + " does not take the token in " + data
                        + ": it was started with another SNAPFORK_DATA_DIR.");
            }
        } catch (IOException e) {
            throw new Problem("No service answers at " + address + ": start it with deploy/local/run, and with the same SNAPFORK_PORT.");
        }
    }

    HttpResponse<String> call(String method, String path, String body, int expected, String... headers)
            throws IOException, InterruptedException, Problem {
        var answer = send(method, path, body, headers);
        if (answer.statusCode() != expected) {
            throw new Problem(method + " " + path + " was answered with " + answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(patience)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!method.equals("POST")) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
        making.lockInterruptibly();
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } finally {
            making.unlock();
        }
    }

    /**
     * Deletes the instances and snapshots that bear the run's tag, also what is being made at the moment; nothing is made any more
     * then. Instances first: deleting one waits for the snapshot that is being taken of it.
     */
    void deleteTagged(String run) throws IOException, InterruptedException {
        // never given back
        var unused = making.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        for (var kind : List.of("/instances", "/snapshots")) {
            for (var id : ids(send("GET", kind + "?tags%5Bdemo%5D=" + run, null).body())) {
                send("DELETE", kind + "/" + id, null);
            }
        }
    }

    String eventually(String path, String wanted) throws IOException, InterruptedException, Problem {
        for (var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos(); System.nanoTime() < deadline; Thread.sleep(20)) {
            var body = call("GET", path, null, 200).body();
            if (body.contains(wanted)) {
                return body;
            }
        }
        throw new Problem("GET " + path + " shows nothing.");
    }

    /** A field of a JSON body whose names do not repeat: enough for the answers used here. */
    static String text(String json, String field) throws Problem {
        return Pattern.compile("\"" + field + "\"\\s*:\\s*\"?([^\",}\\s]*)").matcher(json).results().findFirst()
                .map(match -> match.group(1))
                .orElseThrow(() -> new Problem("There is no " + field + " in " + json));
    }

    static long number(String json, String field) throws Problem {
        return Long.parseLong(text(json, field));
    }

    static List<String> ids(String json) {
        return Pattern.compile("\"id\"\\s*:\\s*\"([a-z0-9]+)\"").matcher(json).results().map((MatchResult match) -> match.group(1)).toList();
    }
}
