import dev.snapfork.file.SparseFile;
import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What the host is to the service: its JDK, clock, disk, and how fast its processors compress. */
final class HostChecks {
    private static final int JDK_NEEDED = 25;
    private static final Instant OLDEST_SANE = Instant.parse("2025-01-01T00:00:00Z");
    private static final Instant NEWEST_SANE = Instant.parse("2100-01-01T00:00:00Z");
    private static final long GB = 1_000_000_000L;
    private static final int MIB = 1 << 20;
    private static final int WRITTEN_MIB = 128;
    private static final int SYNCS = 11;
    private static final double SLOW_MB_A_SECOND = 100;
    private static final double SLOW_SYNC_MILLIS = 25;

    private final Settings settings;

    HostChecks(Settings settings) {
        this.settings = settings;
    }

    List<Doctor.Finding> jdk() {
        var version = Runtime.version();
        return List.of(
                version.feature() >= JDK_NEEDED
                        ? Doctor.Finding.ok("JDK", version + " in " + System.getProperty("java.home"))
                        : Doctor.Finding.fail("JDK", version + " is too old: set JAVA_HOME to one of 25 or later"));
    }

    List<Doctor.Finding> clock() throws IOException, InterruptedException {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        if (now.isBefore(OLDEST_SANE) || now.isAfter(NEWEST_SANE)) {
            return List.of(Doctor.Finding.fail("clock", "it says " + now + ": set it, schedules and retention go by it"));
        }
        return List.of(
                switch (synchronised()) {
                    case "yes" -> Doctor.Finding.ok("clock", now + ", synchronised");
                    case "no" ->
                        Doctor.Finding.warn(
                                "clock", now + ", not synchronised: run chrony or systemd-timesyncd on every host");
                    default ->
                        Doctor.Finding.warn(
                                "clock",
                                now + "; whether it is synchronised cannot be known here: see to it that something does it");
                });
    }

    private static String synchronised() throws IOException, InterruptedException {
        if (Files.exists(Path.of("/run/systemd/timesync/synchronized"))) {
            return "yes";
        }
        try {
            var asked = new ProcessBuilder("timedatectl", "show", "-p", "NTPSynchronized", "--value")
                    .redirectErrorStream(true)
                    .start();
            if (!asked.waitFor(3, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return "unknown";
            }
            return new String(asked.getInputStream().readAllBytes()).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    List<Doctor.Finding> disk() throws IOException {
        var found = new ArrayList<Doctor.Finding>();
        var data = settings.snapfork().dataDir().toAbsolutePath();
        Path directory;
        try {
            directory = Files.createTempDirectory(Files.createDirectories(data), "doctor-");
        } catch (IOException e) {
            return List.of(Doctor.Finding.fail(
                    "data directory", data + " cannot be written: name another by SNAPFORK_DATA_DIR (" + e + ")"));
        }
        try {
            found.add(space(data));
            found.add(
                    SparseFile.supportsReflink(directory)
                            ? Doctor.Finding.ok("reflinks", "copies share blocks and cost nothing")
                            : Doctor.Finding.warn(
                                    "reflinks",
                                    "none on " + Files.getFileStore(data).type()
                                            + ": each fork copies, and machines stand still for the copy."
                                            + " Use XFS or btrfs where that matters"));
            found.add(writing(directory.resolve("written")));
            found.add(syncing(directory.resolve("synced")));
        } finally {
            for (var left : List.of("written", "synced")) {
                Files.deleteIfExists(directory.resolve(left));
            }
            Files.delete(directory);
        }
        return found;
    }

    private static Doctor.Finding space(Path data) throws IOException {
        var free = Files.getFileStore(data).getUsableSpace();
        var text = "%s: %.1f GB free".formatted(data, (double) free / GB);
        if (free < GB) {
            return Doctor.Finding.fail("free disk", text + ": free some, or name another by SNAPFORK_DATA_DIR");
        }
        return free < 10 * GB
                ? Doctor.Finding.warn("free disk", text + ": that is room for few snapshots")
                : Doctor.Finding.ok("free disk", text);
    }

    /** Bytes that nothing on the way can make less of. */
    private static Doctor.Finding writing(Path file) throws IOException {
        var chunk = new byte[MIB];
        new Random(1).nextBytes(chunk);
        var began = System.nanoTime();
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (var i = 0; i < WRITTEN_MIB; i++) {
                channel.write(ByteBuffer.wrap(chunk));
            }
            channel.force(true);
        }
        var speed = megabytes(WRITTEN_MIB, System.nanoTime() - began);
        var text = "%.0f MB/s written and synced".formatted(speed);
        return speed < SLOW_MB_A_SECOND
                ? Doctor.Finding.warn("disk speed", text + ": snapshots and forks take as long as that needs")
                : Doctor.Finding.ok("disk speed", text);
    }

    private static Doctor.Finding syncing(Path file) throws IOException {
        var millis = new double[SYNCS];
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (var i = 0; i < SYNCS; i++) {
                var began = System.nanoTime();
                channel.write(ByteBuffer.wrap(new byte[4096]));
                channel.force(true);
                millis[i] = (System.nanoTime() - began) / 1e6;
            }
        }
        Arrays.sort(millis);
        var median = millis[SYNCS / 2];
        var text = "%.1f ms, median of %d".formatted(median, SYNCS);
        return median > SLOW_SYNC_MILLIS
                ? Doctor.Finding.warn("disk sync", text + ": every command waits for several")
                : Doctor.Finding.ok("disk sync", text);
    }

    List<Doctor.Finding> codecs() throws IOException {
        var found = new ArrayList<Doctor.Finding>();
        var directory = Files.createTempDirectory(settings.snapfork().dataDir().toAbsolutePath(), "doctor-");
        var configured = settings.snapfork().worker().codecThreads();
        var threads = configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
        var raw = directory.resolve("raw");
        var compressed = directory.resolve("compressed");
        var decoded = directory.resolve("decoded");
        try (var codec = new MemoryCodec(threads)) {
            memory(raw);
            for (var format : List.of(new Format(Codec.ZSTD, 1), new Format(Codec.LZ4, 0))) {
                // the first time warms up
                for (var round = 0; round < 2; round++) {
                    Files.deleteIfExists(compressed);
                    Files.deleteIfExists(decoded);
                    var began = System.nanoTime();
                    var made = codec.compress(raw, compressed, format, Job.standard().withoutSync());
                    var between = System.nanoTime();
                    codec.decode(compressed, decoded, Job.standard().withoutSync());
                    var ended = System.nanoTime();
                    if (round > 0) {
                        found.add(Doctor.Finding.ok(
                                "codec " + format.codec() + " " + format.level(),
                                "%.0f MB/s in, verified; %.0f MB/s out; ratio %.1f; %d threads"
                                        .formatted(
                                                megabytes(WRITTEN_MIB, between - began),
                                                megabytes(WRITTEN_MIB, ended - between),
                                                (double) made.dataBytes() / made.compressedBytes(),
                                                threads)));
                    }
                }
            }
        } finally {
            for (var file : List.of(raw, compressed, decoded)) {
                Files.deleteIfExists(file);
            }
            Files.delete(directory);
        }
        return found;
    }

    /** Half of it repeats itself, as memory does. */
    private static void memory(Path file) throws IOException {
        var random = new Random(2);
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (var i = 0; i < WRITTEN_MIB; i++) {
                var chunk = new byte[MIB];
                random.nextBytes(chunk);
                for (var at = 0; at < MIB; at += 128) {
                    Arrays.fill(chunk, at, at + 64, chunk[at]);
                }
                channel.write(ByteBuffer.wrap(chunk));
            }
        }
    }

    private static double megabytes(int mib, long nanos) {
        return (double) mib * MIB / 1e6 / (nanos / (double) Duration.ofSeconds(1).toNanos());
    }
}
