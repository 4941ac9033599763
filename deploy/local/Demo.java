import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Does the main job through the public API and compares what comes out with what went in. Started by deploy/local/demo. */
public final class Demo {
    private static final String MEMORY = "snapshots/snapshot-latest/memory-ranges";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final String run = "demo-" + Long.toString(System.currentTimeMillis(), 36);
    private final Path data;
    private final Api api;
    private boolean cleaned;

    private Demo(Path data, Api api) {
        this.data = data;
        this.api = api;
    }

    /** Arguments: the service's port, its data directory, whether to keep what is made, and the memory's file, if one was named. */
    public static void main(String[] args) throws Exception {
        var data = Path.of(args[1]).toAbsolutePath();
        var status = 1;
        try {
            var demo = new Demo(data, new Api(args[0], data, PATIENCE));
            status = demo.run(args.length > 3 ? Path.of(args[3]) : null, Boolean.parseBoolean(args[2])) ? 0 : 1;
        } catch (Problem e) {
            System.err.println(e.getMessage());
        } catch (IOException e) {
            System.err.println("The demo broke off: " + e);
        }
        System.exit(status);
    }

    private boolean run(Path memory, boolean keep) throws Exception {
        api.requireService();
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
        var listed = Api.ids(api.call("GET", "/snapshots?source_instance_id=" + instance, null, 200).body());
        System.out.printf("%nGET /snapshots lists %d of this machine.%n%n", listed.size());
        if (listed.size() != 2) {
            throw new Problem("There should be 2.");
        }
        var same = compare(original, forks);
        System.out.println(keep ? "\nKept: instances and snapshots tagged demo=" + run : "\nDeleting what was made.");
        return same;
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
        return Api.text(api.call("POST", "/instances/import", """
                {"name":"%s","hypervisor":"qemu","state":"Standby","directory":"%s","tags":{"demo":"%s"}}"""
                .formatted(run, run, run), 201).body(), "id");
    }

    /** Compression asked for with the snapshot itself: the call answers at once, the rest goes on behind it. */
    private void zstd(String instance, List<String> forks) throws Exception {
        var begin = System.nanoTime();
        var snapshot = Api.text(api.call("POST", "/instances/" + instance + "/snapshots", """
                {"kind":"Standby","name":"zstd","tags":{"demo":"%s"},"compression":{"enabled":true,"algorithm":"zstd"}}"""
                .formatted(run), 201).body(), "id");
        var captured = seconds(begin);
        var operation = Api.ids(api.eventually("/operations?kind=snapshot.compress&snapshot_id=" + snapshot, "\"id\"")).getFirst();
        report("zstd", snapshot, captured, "/operations/" + operation, forks, 2);
    }

    /** Compression asked for later. */
    private void lz4(String instance, List<String> forks) throws Exception {
        var begin = System.nanoTime();
        var snapshot = Api.text(api.call("POST", "/instances/" + instance + "/snapshots", """
                {"kind":"Standby","name":"lz4","tags":{"demo":"%s"}}""".formatted(run), 201).body(), "id");
        var captured = seconds(begin);
        var accepted = api.call("POST", "/snapshots/" + snapshot + "/compress", "{\"algorithm\":\"lz4\"}", 202, "Prefer", "respond-async");
        report("lz4", snapshot, captured, accepted.headers().firstValue("Location").orElseThrow(), forks, 1);
    }

    private void report(String codec, String snapshot, double captured, String operation, List<String> forks, int count)
            throws Exception {
        var compressed = follow(codec, operation);
        var forked = 0.0;
        for (var i = 1; i <= count; i++) {
            var begin = System.nanoTime();
            var name = codec + "-" + i;
            api.call("POST", "/snapshots/" + snapshot + "/fork", """
                    {"name":"%s-%s","target_state":"Standby"}""".formatted(run, name), 201);
            forked += seconds(begin) / count;
            forks.add(name);
        }
        var body = api.call("GET", "/snapshots/" + snapshot, null, 200).body();
        var small = Long.parseLong(Api.text(body, "compressed_size_bytes"));
        System.out.printf(Locale.ROOT, "%-9s %10s %6.1fx %10.2f %10.2f %8.2f%n", codec, mebibytes(small),
                Double.parseDouble(Api.text(body, "uncompressed_size_bytes")) / small, captured, compressed, forked);
    }

    /** Shows how far the operation is until it has succeeded; returns how long it was in work. */
    private double follow(String codec, String operation) throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var body = api.call("GET", operation, null, 200).body();
            switch (Api.text(body, "status")) {
                case "succeeded" -> {
                    progress("");
                    return Duration.between(Instant.parse(Api.text(body, "started_at")), Instant.parse(Api.text(body, "finished_at")))
                            .toMillis() / 1000.0;
                }
                case "accepted" -> Thread.sleep(50);
                case "running" -> {
                    progress("%s: %s of %s, %s a second".formatted(codec, mebibytes(Api.number(body, "bytes_done")),
                            mebibytes(Api.number(body, "bytes_total")), mebibytes(Api.number(body, "bytes_per_second"))));
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
            api.deleteTagged(run);
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
        return data.resolve("guests").resolve(Api.text(api.call("GET", "/instances/" + instance, null, 200).body(), "id"));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static String mebibytes(long count) {
        return String.format(Locale.ROOT, "%.1f MiB", count / 1048576.0);
    }
}
