import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Does the main job through the public API: import, snapshot, compress, fork, compare, delete. Started by deploy/local/demo. */
public final class Demo {
    private static final String MEMORY = "snapshots/snapshot-latest/memory-ranges";
    private static final long MOST_PROCESS_MEMORY = 512L << 20;
    private static final int PAGE = 4096;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI api;
    private final Path data;
    private final String token;
    private final List<String> made = new ArrayList<>();

    private Demo(URI api, Path data) throws IOException {
        this.api = api;
        this.data = data;
        this.token = Files.readString(data.resolve("token")).strip();
    }

    public static void main(String[] args) throws Exception {
        var port = args[0];
        var data = Path.of(args[1]).toAbsolutePath();
        if (!Files.isReadable(data.resolve("token"))) {
            fail("There is no " + data.resolve("token") + ": start the service first, with deploy/local/run,"
                    + " and the same SNAPFORK_DATA_DIR.");
        }
        try {
            new Demo(URI.create("http://127.0.0.1:" + port), data).run(args.length > 2 ? Path.of(args[2]) : null);
        } catch (ConnectException e) {
            fail("No service answers at http://127.0.0.1:" + port + ": start it first, with deploy/local/run.");
        }
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }

    private void run(Path memory) throws Exception {
        var run = "demo-" + Long.toString(System.currentTimeMillis(), 36);
        var directory = data.resolve("import").resolve(run);
        var raw = directory.resolve(MEMORY);
        Files.createDirectories(raw.getParent());
        if (memory == null) {
            var process = process();
            say("No file was named: taking the memory of process %d, %s.", process,
                    process == ProcessHandle.current().pid() ? "this one" : "the service's own");
            copyProcessMemory(process, raw);
        } else {
            copySparse(memory, raw);
        }
        Files.writeString(directory.resolve("overlay.raw"), "a disk\n");
        var original = sha256(raw);
        var size = Files.size(raw);
        try {
            post("/instances/import", """
                    {"name":"%s","hypervisor":"qemu","state":"Standby","directory":"%s"}""".formatted(run, run), 201);
            made.add("/instances/" + run);
            System.out.printf("%nmemory: %s, %s of it data%n%n", bytes(size), bytes(allocated(guest(run).resolve(MEMORY))));
            System.out.printf("%-8s %10s %7s %9s %10s %8s%n", "codec", "size", "ratio", "capture s", "compress s", "fork s");
            var forks = new ArrayList<String>();
            for (var codec : List.of("zstd", "lz4")) {
                forks.add(roundTrip(run, codec, size));
            }
            System.out.printf("%n%-14s %s%n", "memory of", "SHA-256");
            System.out.printf("%-14s %s%n", "the original", original);
            var same = true;
            for (var fork : forks) {
                var digest = sha256(guest(fork).resolve(MEMORY));
                same &= digest.equals(original);
                System.out.printf("%-14s %s  %s%n", fork.substring(run.length() + 1) + " fork", digest,
                        digest.equals(original) ? "same" : "DIFFERENT");
            }
            if (!same) {
                fail("A fork's memory differs from the original.");
            }
        } finally {
            for (var path : made.reversed()) {
                call("DELETE", path, null);
            }
        }
    }

    private String roundTrip(String run, String codec, long size) throws Exception {
        var begin = System.nanoTime();
        var snapshot = post("/instances/" + run + "/snapshots", """
                {"kind":"Standby","name":"%s","tags":{"made-by":"demo"}}""".formatted(codec), 201);
        var captured = System.nanoTime();
        var id = text(snapshot, "id");
        made.add("/snapshots/" + id);
        var done = compress(id, codec);
        var compressed = System.nanoTime();
        var fork = run + "-" + codec;
        post("/snapshots/" + id + "/fork", """
                {"name":"%s","target_state":"Standby"}""".formatted(fork), 201);
        var forked = System.nanoTime();
        made.add("/instances/" + fork);
        var small = Long.parseLong(text(done, "compressed_size_bytes"));
        System.out.printf(Locale.ROOT, "%-8s %10s %6.1fx %9.2f %10.2f %8.2f%n", codec, bytes(small),
                (double) size / small, seconds(begin, captured), seconds(captured, compressed), seconds(compressed, forked));
        return fork;
    }

    /** Asks for it without waiting, then follows the operation. */
    private String compress(String id, String codec) throws Exception {
        var accepted = call("POST", "/snapshots/" + id + "/compress", "{\"algorithm\":\"" + codec + "\"}", "Prefer", "respond-async");
        if (accepted.statusCode() != 202) {
            fail("compress: HTTP " + accepted.statusCode() + " " + accepted.body());
        }
        var operation = accepted.headers().firstValue("Location").orElseThrow();
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var body = call("GET", operation, null).body();
            switch (text(body, "status")) {
                case "succeeded" -> {
                    return call("GET", "/snapshots/" + id, null).body();
                }
                case "accepted", "running" -> Thread.sleep(20);
                default -> fail("compressing did not succeed: " + body);
            }
        }
        throw new IOException("compressing took longer than " + PATIENCE);
    }

    private Path guest(String instance) throws Exception {
        return data.resolve("guests").resolve(text(call("GET", "/instances/" + instance, null).body(), "id"));
    }

    private String post(String path, String body, int expected) throws Exception {
        var response = call("POST", path, body);
        if (response.statusCode() != expected) {
            fail("POST " + path + ": HTTP " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private HttpResponse<String> call(String method, String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(api.resolve(path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A string or number of a flat JSON body: enough for the answers used here. */
    private static String text(String json, String field) {
        var match = Pattern.compile("\"" + field + "\":\"?([^\",}]*)").matcher(json);
        if (!match.find()) {
            fail("no " + field + " in " + json);
        }
        return match.group(1);
    }

    /** The service's process if its memory may be read, else this one. */
    private long process() throws IOException {
        var file = data.resolve("service.pid");
        if (Files.isReadable(file)) {
            var pid = Files.readString(file).strip().split("\\s")[0];
            try (var memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
                return Long.parseLong(pid);
            } catch (IOException notAllowed) {
                return ProcessHandle.current().pid();
            }
        }
        return ProcessHandle.current().pid();
    }

    /** The private readable mappings one behind the other; pages of zeros become holes. */
    private static void copyProcessMemory(long process, Path target) throws IOException {
        try (var memory = new RandomAccessFile("/proc/" + process + "/mem", "r");
                var out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var end = 0L;
            for (var line : Files.readAllLines(Path.of("/proc/" + process + "/maps"))) {
                var fields = line.split(" ");
                if (!fields[1].startsWith("r") || !fields[1].endsWith("p") || line.contains("[v")) {
                    continue;
                }
                var range = fields[0].split("-");
                var from = Long.parseUnsignedLong(range[0], 16);
                var until = Long.parseUnsignedLong(range[1], 16);
                for (var at = from; at < until && end < MOST_PROCESS_MEMORY; at += PAGE, end += PAGE) {
                    var page = new byte[PAGE];
                    try {
                        memory.seek(at);
                        memory.readFully(page);
                    } catch (IOException unreadable) {
                        continue; // a guard page: stays a hole
                    }
                    writeUnlessZero(out, page, PAGE, end);
                }
            }
            setLength(target, end);
        }
    }

    private static void copySparse(Path source, Path target) throws IOException {
        try (var in = FileChannel.open(source);
                var out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var page = new byte[1 << 16];
            var at = 0L;
            for (var read = in.read(ByteBuffer.wrap(page)); read > 0; read = in.read(ByteBuffer.wrap(page))) {
                writeUnlessZero(out, page, read, at);
                at += read;
            }
            setLength(target, at);
        }
    }

    private static void writeUnlessZero(FileChannel out, byte[] page, int length, long at) throws IOException {
        for (var i = 0; i < length; i++) {
            if (page[i] != 0) {
                out.write(ByteBuffer.wrap(page, 0, length), at);
                return;
            }
        }
    }

    private static void setLength(Path file, long length) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(length);
        }
    }

    private static String sha256(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            var buffer = new byte[1 << 20];
            for (var read = in.read(buffer); read > 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static long allocated(Path file) throws Exception {
        var du = new ProcessBuilder("du", "-k", file.toString()).start();
        var kib = new String(du.getInputStream().readAllBytes()).split("\\s")[0];
        return Long.parseLong(kib) << 10;
    }

    private static double seconds(long from, long until) {
        return (until - from) / 1e9;
    }

    private static String bytes(long count) {
        return String.format(Locale.ROOT, "%.1f MiB", count / 1048576.0);
    }

    private static void say(String format, Object... arguments) {
        System.out.printf(format + "%n", arguments);
    }
}
