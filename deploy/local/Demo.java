import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Does the main job through the public API and compares what comes out with what went in. Started by deploy/local/demo. */
public final class Demo {
    private static final String MEMORY = "snapshots/snapshot-latest/memory-ranges";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String run = "demo-" + Long.toString(System.currentTimeMillis(), 36);
    private final URI api;
    private final Path data;
    private final String token;
    private boolean cleaned;

    private Demo(URI api, Path data, String token) {
        this.api = api;
        this.data = data;
        this.token = token;
    }

    /** What a person can do something about; its message says what. */
    private static final class Problem extends Exception {
        private static final long serialVersionUID = 1L;

        Problem(String message) {
            super(message);
        }
    }

    /** Arguments: the service's port, its data directory, whether to keep what is made, and the memory's file, if one was named. */
    public static void main(String[] args) throws Exception {
        var data = Path.of(args[1]).toAbsolutePath();
        var status = 1;
        try {
            var demo = new Demo(URI.create("http://127.0.0.1:" + args[0]), data, token(data));
            status = demo.run(args.length > 3 ? Path.of(args[3]) : null, Boolean.parseBoolean(args[2])) ? 0 : 1;
        } catch (Problem e) {
            System.err.println(e.getMessage());
        } catch (IOException e) {
            System.err.println("The demo broke off: " + e);
        }
        System.exit(status);
    }

    private static String token(Path data) throws IOException, Problem {
        try {
            return Files.readString(data.resolve("token")).strip();
        } catch (NoSuchFileException e) {
            throw new Problem("There is no " + data.resolve("token")
                    + ": start the service with deploy/local/run, and with the same SNAPFORK_DATA_DIR.");
        }
    }

    private boolean run(Path memory, boolean keep) throws Exception {
        requireService();
        var cleaning = new Thread(this::clean);
        if (!keep) {
            Runtime.getRuntime().addShutdownHook(cleaning);
        }
        var instance = importMachine(memory);
        var original = MemoryImage.sha256(guest(instance).resolve(MEMORY));
        System.out.printf("%n%-9s %10s %7s %10s %10s %8s%n", "snapshot", "memory", "ratio", "capture s", "compress s", "fork s");
        var forks = new ArrayList<String>();
        zstd(instance, forks);
        lz4(instance, forks);
        var listed = ids(call("GET", "/snapshots?source_instance_id=" + instance, null, 200).body());
        System.out.printf("%nGET /snapshots lists %d of this machine.%n%n", listed.size());
        var same = compare(original, forks);
        System.out.println(keep ? "\nKept: instances and snapshots tagged demo=" + run : "\nDeleting what was made.");
        return same;
    }

    private void requireService() throws Exception {
        try {
            var answer = send("GET", "/instances?limit=1", null);
            if (answer.statusCode() == 401) {
                throw new Problem("The service at " + api + " does not take the token in " + data
                        + ": it was started with another SNAPFORK_DATA_DIR.");
            }
        } catch (IOException e) {
            throw new Problem("No service answers at " + api + ": start it with deploy/local/run, and with the same SNAPFORK_PORT.");
        }
    }

    /** Returns the new instance's id. */
    private String importMachine(Path memory) throws Exception {
        var directory = data.resolve("import").resolve(run);
        // a process's memory holds its secrets
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var raw = directory.resolve(MEMORY);
        Files.createDirectories(raw.getParent());
        if (memory == null) {
            System.out.printf("No file was named: this is the memory of %s.%n", MemoryImage.ofProcess(data.resolve("service.pid"), raw));
        } else {
            MemoryImage.ofFile(memory, raw);
        }
        Files.write(directory.resolve("overlay.raw"), "a small disk\n".repeat(1000).getBytes());
        System.out.printf("memory: %s, %s of it data%n", mebibytes(Files.size(raw)), mebibytes(MemoryImage.allocated(raw)));
        return text(call("POST", "/instances/import", """
                {"name":"%s","hypervisor":"qemu","state":"Standby","directory":"%s","tags":{"demo":"%s"}}"""
                .formatted(run, run, run), 201).body(), "id");
    }

    /** Compression asked for with the snapshot itself: the call answers at once, the rest goes on behind it. */
    private void zstd(String instance, List<String> forks) throws Exception {
        var begin = System.nanoTime();
        var snapshot = text(call("POST", "/instances/" + instance + "/snapshots", """
                {"kind":"Standby","name":"zstd","tags":{"demo":"%s"},"compression":{"enabled":true,"algorithm":"zstd"}}"""
                .formatted(run), 201).body(), "id");
        var captured = seconds(begin);
        var operation = ids(eventually("/operations?kind=snapshot.compress&snapshot_id=" + snapshot, "\"id\"")).getFirst();
        report("zstd", snapshot, captured, "/operations/" + operation, forks, 2);
    }

    /** Compression asked for later. */
    private void lz4(String instance, List<String> forks) throws Exception {
        var begin = System.nanoTime();
        var snapshot = text(call("POST", "/instances/" + instance + "/snapshots", """
                {"kind":"Standby","name":"lz4","tags":{"demo":"%s"}}""".formatted(run), 201).body(), "id");
        var captured = seconds(begin);
        var accepted = call("POST", "/snapshots/" + snapshot + "/compress", "{\"algorithm\":\"lz4\"}", 202, "Prefer", "respond-async");
        report("lz4", snapshot, captured, accepted.headers().firstValue("Location").orElseThrow(), forks, 1);
    }

    private void report(String codec, String snapshot, double captured, String operation, List<String> forks, int count)
            throws Exception {
        var compressed = follow(codec, operation);
        var forked = 0.0;
        for (var i = 1; i <= count; i++) {
            var begin = System.nanoTime();
            var name = codec + "-" + i;
            call("POST", "/snapshots/" + snapshot + "/fork", """
                    {"name":"%s-%s","target_state":"Standby"}""".formatted(run, name), 201);
            forked += seconds(begin) / count;
            forks.add(name);
        }
        var body = call("GET", "/snapshots/" + snapshot, null, 200).body();
        var small = Long.parseLong(text(body, "compressed_size_bytes"));
        System.out.printf(Locale.ROOT, "%-9s %10s %6.1fx %10.2f %10.2f %8.2f%n", codec, mebibytes(small),
                Double.parseDouble(text(body, "uncompressed_size_bytes")) / small, captured, compressed, forked);
    }

    /** Shows how far the operation is until it has succeeded; returns how long it was in work. */
    private double follow(String codec, String operation) throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var body = call("GET", operation, null, 200).body();
            switch (text(body, "status")) {
                case "succeeded" -> {
                    progress("");
                    return Duration.between(Instant.parse(text(body, "started_at")), Instant.parse(text(body, "finished_at")))
                            .toMillis() / 1000.0;
                }
                case "accepted" -> Thread.sleep(50);
                case "running" -> {
                    progress("%s: %s of %s, %s a second".formatted(codec, mebibytes(number(body, "bytes_done")),
                            mebibytes(number(body, "bytes_total")), mebibytes(number(body, "bytes_per_second"))));
                    Thread.sleep(50);
                }
                default -> throw new Problem("Compressing did not succeed: " + body);
            }
        }
        throw new Problem("Compressing takes longer than " + PATIENCE + ": see " + operation);
    }

    private static void progress(String line) {
        if (System.console() != null && System.console().isTerminal()) {
            System.out.printf("\r\u001b[K%s", line);
        }
    }

    private boolean compare(String original, List<String> forks) throws Exception {
        System.out.printf("%-13s %s%n%-13s %s%n", "memory of", "SHA-256", "the original", original);
        var all = true;
        for (var fork : forks) {
            var digest = MemoryImage.sha256(guest(run + "-" + fork).resolve(MEMORY));
            all &= digest.equals(original);
            System.out.printf("%-13s %s  %s%n", "fork " + fork, digest, digest.equals(original) ? "same" : "DIFFERENT");
        }
        return all;
    }

    /** Deletes what bears this run's tag, and what was not imported; at the end, however that comes. */
    private synchronized void clean() {
        if (cleaned) {
            return;
        }
        cleaned = true;
        try {
            for (var kind : List.of("/snapshots", "/instances")) {
                for (var id : ids(send("GET", kind + "?tags%5Bdemo%5D=" + run, null).body())) {
                    send("DELETE", kind + "/" + id, null);
                }
            }
            var left = data.resolve("import").resolve(run);
            if (Files.exists(left)) {
                try (var files = Files.walk(left)) {
                    for (var file : files.toList().reversed()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("Not everything tagged demo=" + run + " could be deleted: " + e);
        }
    }

    private Path guest(String instance) throws Exception {
        return data.resolve("guests").resolve(text(call("GET", "/instances/" + instance, null, 200).body(), "id"));
    }

    private String eventually(String path, String wanted) throws Exception {
        for (var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos(); System.nanoTime() < deadline; Thread.sleep(20)) {
            var body = call("GET", path, null, 200).body();
            if (body.contains(wanted)) {
                return body;
            }
        }
        throw new Problem("GET " + path + " shows nothing.");
    }

    private HttpResponse<String> call(String method, String path, String body, int expected, String... headers) throws Exception {
        var answer = send(method, path, body, headers);
        if (answer.statusCode() != expected) {
            throw new Problem(method + " " + path + " was answered with " + answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(api.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A field of a JSON body whose names do not repeat: enough for the answers used here. */
    private static String text(String json, String field) throws Problem {
        return Pattern.compile("\"" + field + "\":\"?([^\",}]*)").matcher(json).results().findFirst()
                .map(match -> match.group(1))
                .orElseThrow(() -> new Problem("There is no " + field + " in " + json));
    }

    private static long number(String json, String field) throws Problem {
        return Long.parseLong(text(json, field));
    }

    private static List<String> ids(String json) {
        return Pattern.compile("\"id\":\"([a-z0-9]+)\"").matcher(json).results().map((MatchResult match) -> match.group(1)).toList();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static String mebibytes(long count) {
        return String.format(Locale.ROOT, "%.1f MiB", count / 1048576.0);
    }
}
