package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.fault.Faults;
import dev.snapfork.file.TreeDigest;
import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.PayloadStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forks on a disk that is small enough to fill up: a tmpfs, for which the test needs root. */
class MaterializerTest {
    private static final int MIB = 1 << 20;
    private static final SnapshotId SMALL = new SnapshotId("s".repeat(24));
    private static final SnapshotId LARGE = new SnapshotId("l".repeat(24));
    private static final OperationId OPERATION = new OperationId("o".repeat(24));
    private static final String MEMORY = "snapshots/snapshot-latest/memory-ranges";
    private final MemoryCodec codec = new MemoryCodec(2);
    private Path disk = Path.of("");
    private Path raws = Path.of("");

    @BeforeEach
    void mount(@TempDir Path directory) throws IOException, InterruptedException {
        disk = Files.createDirectory(directory.resolve("disk"));
        raws = Files.createDirectory(directory.resolve("raws"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64m", "snapfork-test", disk.toString()),
                "needs root to mount a tmpfs");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        codec.close();
        run("umount", disk.toString());
    }

    @Test
    void aForkThatRunsOutOfSpaceEmptiesTheCacheAndTriesAgain() throws Exception {
        var store = PayloadStore.open(disk, Duration.ofSeconds(20));
        snapshot(store, SMALL, 2);
        var original = snapshot(store, LARGE, 8);
        try (var cache = cache(store)) {
            var materializer = materializer(store, cache);
            for (var i = 0; i < 3; i++) {
                materializer.materialize(SMALL, TargetState.STANDBY, Works.fork(store, OPERATION, LARGE));
            }
            store.staging().discard(OPERATION);
            assertThat(cache.figures().hits()).isEqualTo(1);
            leave(7 * MIB);

            var made = materializer.materialize(LARGE, TargetState.STANDBY, Works.fork(store, OPERATION, LARGE));

            assertThat(TreeDigest.of(made.directory().resolve(MEMORY))).isEqualTo(TreeDigest.of(original));
            assertThat(cache.figures().evictions()).isEqualTo(1);
        }
    }

    @Test
    void aForkForWhichThereIsNoSpaceIsRefusedBeforeItBegins() throws Exception {
        var store = PayloadStore.open(disk, Duration.ofSeconds(20));
        snapshot(store, LARGE, 8);
        try (var cache = cache(store)) {
            var materializer = materializer(store, cache);
            leave(4 * MIB);

            assertThatThrownBy(() ->
                            materializer.materialize(LARGE, TargetState.STANDBY, Works.fork(store, OPERATION, LARGE)))
                    .isInstanceOfSatisfying(RefusedException.class, e -> {
                        assertThat(e.refusal().code()).isEqualTo(RefusalCode.INSUFFICIENT_RESOURCES);
                        assertThat(e.refusal().message()).startsWith("this needs 9 MiB");
                    });
        }
    }

    /** A snapshot with memory that does not get smaller, as another daemon leaves it; returns its raw memory. */
    private Path snapshot(PayloadStore store, SnapshotId id, int mebibytes) throws IOException {
        var content = new byte[mebibytes * MIB];
        new Random(mebibytes).nextBytes(content);
        var raw = Files.write(raws.resolve(id.value()), content);
        var compressed = store.layout().payload(id).resolve(MEMORY + ".zst");
        Files.createDirectories(compressed.getParent());
        codec.compress(raw, compressed, new Format(Codec.ZSTD, 1), Job.standard());
        Files.writeString(store.layout().snapshot(id).resolve("snapshot.json"), """
                {"snapshot": {"id": "%s", "name": "nightly", "kind": "Standby", "source_instance_id": "tz4a98xxat96iws9zmbrgj3a",
                  "source_instance_name": "golden", "SourceHypervisor": "qemu", "created_at": "2026-08-02T03:00:00Z",
                  "size_bytes": 1, "compression_state": "compressed",
                  "compression": {"enabled": true, "algorithm": "zstd", "level": 1}},
                 "stored_metadata": {"Id": "tz4a98xxat96iws9zmbrgj3a", "Name": "golden"}}
                """.formatted(id));
        return raw;
    }

    private void leave(long bytes) throws IOException {
        try (var filler = new RandomAccessFile(disk.resolve("filler").toFile(), "rw")) {
            var chunk = new byte[1 << 16];
            while (Files.getFileStore(disk).getUsableSpace() >= bytes + chunk.length) {
                filler.write(chunk);
            }
        }
    }

    private static MemoryCache cache(PayloadStore store) throws IOException {
        return MemoryCache.open(store.layout().memoryCache(), 1L << 30, Duration.ofMinutes(1), e -> {});
    }

    private Materializer materializer(PayloadStore store, MemoryCache cache) {
        var config = TestWorker.config(Map.of("snapfork.worker.keep-free", "0"));
        var room = new Room(store, cache, Faults.NONE, config);
        return new Materializer(store, codec, cache, room, Faults.NONE, config);
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }
}
