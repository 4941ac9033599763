package dev.snapfork.bench;

import dev.snapfork.local.Children;
import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How much memory a process with a small heap takes for compressing a large file, beside what it takes for being there. */
final class PeakMemoryBenchmark implements Benchmark {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final double KIBI = 1024;
    private static final double BAR_MEBIBYTES = 96;
    private static final List<Format> FORMATS = List.of(new Format(Codec.ZSTD, 1), new Format(Codec.LZ4, 0));

    @Override
    public String name() {
        return "memory";
    }

    /** The process before it compressed, and the most of each kind while it did. */
    private record Growth(ResidentMemory idle, long mostAnonymous, long peak) {
        double all() {
            return (peak - idle.all()) / KIBI;
        }

        double anonymous() {
            return (mostAnonymous - idle.anonymous()) / KIBI;
        }
    }

    @Override
    public Table run(Lab lab) throws Exception {
        var rows = new ArrayList<Row>();
        var source = lab.path("large.img");
        try {
            for (var format : FORMATS) {
                var id = name() + "/" + CompressBenchmark.name(format);
                if (lab.picks(id)) {
                    if (!Files.exists(source)) {
                        LargeFile.make(lab.images().get(lab.images().nameOr(Image.BUSY)), source);
                    }
                    rows.add(measured(lab, source, format, id));
                }
            }
        } finally {
            Files.deleteIfExists(source);
        }
        return new Table(
                "Memory of a JVM with -Xmx256m that compresses 64 GiB with 4 GiB of data, verified: MiB; over is the peak less idle",
                List.of("idle", "peak", "over", "idle anon", "anon over", "spread of over"),
                rows);
    }

    private static Row measured(Lab lab, Path source, Format format, String id) throws IOException {
        var growths = new ArrayList<Growth>();
        for (var i = 0; i < lab.options().runs(); i++) {
            growths.add(grown(lab, source, format));
        }
        var over = new Series(growths.stream().map(Growth::all).toList());
        var anonymous = new Series(growths.stream().map(Growth::anonymous).toList());
        var idle = new Series(growths.stream().map(it -> it.idle.all() / KIBI).toList());
        var idleAnonymous = new Series(
                growths.stream().map(it -> it.idle.anonymous() / KIBI).toList());
        var peak = new Series(growths.stream().map(it -> it.peak / KIBI).toList());
        return Row.of(
                id,
                List.of(
                        Lab.cell(idle.median(), 0),
                        Lab.cell(peak.median(), 0),
                        Lab.cell(over.median(), 0),
                        Lab.cell(idleAnonymous.median(), 0),
                        Lab.cell(anonymous.median(), 0),
                        over.spread()),
                Map.of(
                        "idle_mebibytes", idle.values(),
                        "peak_mebibytes", peak.values(),
                        "over_idle_mebibytes_median", over.median(),
                        "over_idle_mebibytes", over.values(),
                        "anonymous_over_idle_mebibytes_median", anonymous.median(),
                        "anonymous_over_idle_mebibytes", anonymous.values()),
                List.of(Bar.atMost("over", over.median(), BAR_MEBIBYTES)));
    }

    private static Growth grown(Lab lab, Path source, Format format) throws IOException {
        var target = lab.path("large" + format.codec().suffix());
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                PeakMemoryProcess.class.getName(),
                source.toString(),
                target.toString(),
                format.codec().name(),
                Integer.toString(format.level()));
        var process = Children.start(new ProcessBuilder(Children.tied("KILL", List.of(), command))
                .redirectError(ProcessBuilder.Redirect.INHERIT));
        // whoever waits for a line of it gets an end of file then
        var limit = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(LIMIT.toSeconds(), TimeUnit.SECONDS));
        try (var lines = process.inputReader(StandardCharsets.UTF_8);
                var orders = process.outputWriter(StandardCharsets.UTF_8)) {
            expect(lines.readLine(), PeakMemoryProcess.IDLE);
            var idle = ResidentMemory.of(process.pid());
            orders.write("go\n");
            orders.flush();
            var most = idle.anonymous();
            while (!lines.ready() && process.isAlive()) {
                most = Math.max(most, ResidentMemory.of(process.pid()).anonymous());
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
            expect(lines.readLine(), PeakMemoryProcess.DONE);
            return new Growth(idle, most, ResidentMemory.of(process.pid()).peak());
        } finally {
            limit.cancel(false);
            process.destroyForcibly();
            Files.deleteIfExists(target);
        }
    }

    private static void expect(String line, String wanted) throws IOException {
        if (!wanted.equals(line)) {
            throw new IOException("the process that compresses ended, or takes longer than " + LIMIT);
        }
    }
}
