package dev.snapfork.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.fault.Step;
import dev.snapfork.file.TreeDigest;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What the tests of this package start from. */
final class Given {
    static final InstanceId INSTANCE = new InstanceId("tz4a98xxat96iws9zmbrgj3a");
    static final SnapshotId SNAPSHOT = new SnapshotId("a1b2c3d4e5f6g7h8i9j0k1l2");
    static final OperationId OPERATION = new OperationId("o".repeat(24));
    static final OperationId LATER_OPERATION = new OperationId("p".repeat(24));
    static final Instant NOW = Instant.parse("2026-08-03T12:00:00Z");
    static final Duration DEADLINE = Duration.ofSeconds(20);

    /** An instance as another daemon writes it, with a key that nobody here knows. */
    static final String METADATA = """
            {"Id": "tz4a98xxat96iws9zmbrgj3a", "Name": "golden", "Image": "docker.io/library/nginx:latest",
             "Platform": "linux/amd64", "Size": 1073741824, "HotplugSize": 0, "OverlaySize": 10737418240, "Vcpus": 2,
             "DiskIOBps": 0, "Env": {"PORT": "80"}, "Tags": {"team": "backend"}, "NetworkEnabled": true,
             "IP": "10.100.0.5", "MAC": "02:00:00:ab:cd:ef",
             "Volumes": [{"VolumeID": "vol-1", "MountPath": "/mnt", "Readonly": true, "Overlay": false, "OverlaySize": 0}],
             "CreatedAt": "2026-08-01T12:00:00.123456789+02:00", "StartedAt": "2026-08-01T10:00:01Z", "StoppedAt": null,
             "KernelVersion": "ch-v6.12.9", "HypervisorType": "cloud-hypervisor", "HypervisorVersion": "v51.1",
             "HypervisorPID": 4711, "SocketPath": "/old/guests/tz4a98xxat96iws9zmbrgj3a/ch.sock",
             "DataDir": "/old/guests/tz4a98xxat96iws9zmbrgj3a", "VsockCID": 1234567,
             "VsockSocket": "/old/guests/tz4a98xxat96iws9zmbrgj3a/run/vsock.sock",
             "SnapshotPolicy": {"Compression": {"enabled": true, "algorithm": "zstd", "level": 1},
                                "StandbyCompressionDelay": 60000000000},
             "PendingStandbyCompression": {"at": "soon"},
             "FromTheFuture": {"exact": 0.10000000000000000555, "large": 123456789012345678901234567890}}
            """;

    /** A snapshot as another daemon writes it. */
    static final String SNAPSHOT_JSON = """
            {"snapshot": {"id": "a1b2c3d4e5f6g7h8i9j0k1l2", "name": "nightly", "kind": "Standby",
              "tags": {"team": "backend"}, "source_instance_id": "tz4a98xxat96iws9zmbrgj3a",
              "source_instance_name": "golden", "SourceHypervisor": "qemu", "created_at": "2026-08-02T03:00:00Z",
              "size_bytes": 123456789, "compression_state": "compressing",
              "compression": {"enabled": true, "algorithm": "zstd", "level": 3}, "shape": "round"},
             "stored_metadata": %s, "beside": [1, 2]}
            """.formatted(METADATA);

    private Given() {}

    static PayloadStore store(Path data) throws IOException {
        return PayloadStore.open(data, DEADLINE);
    }

    /** A new attempt's place in staging; those of earlier ones are gone. */
    static Path attempt(PayloadStore store, OperationId operation) throws IOException {
        var attempt = store.staging().open(operation, UUID.randomUUID().toString());
        attempt.takeOver(false);
        return attempt.directory();
    }

    /** A store whose process dies as soon as it has passed the step. */
    static PayloadStore storeThatDiesAfter(Step fatal, Path data) throws IOException {
        return PayloadStore.open(data, DEADLINE, step -> {
            if (step == fatal) {
                throw new Died();
            }
        });
    }

    static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper()
                    .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InstanceManifest instance(InstanceState state) {
        return InstanceManifest.first(
                INSTANCE, json(METADATA), state, state == InstanceState.STANDBY, Applied.NOTHING.settling(OPERATION));
    }

    static Snapshot snapshot(SnapshotKind kind) {
        return new Snapshot(
                SNAPSHOT,
                "nightly",
                kind,
                Map.of("team", "backend"),
                INSTANCE,
                "golden",
                Hypervisor.QEMU,
                NOW,
                0,
                CompressionState.NONE,
                null,
                null,
                null,
                null,
                1);
    }

    /** A published snapshot in standby whose raw memory has this content. */
    static SnapshotManifest publishedSnapshot(PayloadStore store, String memory) throws IOException {
        var staged = attempt(store, OPERATION).resolve("new");
        var payload = Layout.payload(staged);
        write(payload.resolve("memory-ranges"), memory);
        write(payload.resolve("overlay.raw"), "disk");
        var files = digested(payload);
        var manifest = SnapshotManifest.first(
                snapshot(SnapshotKind.STANDBY),
                json(METADATA),
                files,
                MemoryFiles.find(payload).orElseThrow(),
                Applied.NOTHING.settling(OPERATION));
        store.snapshots().publishNew(staged, manifest);
        store.staging().discard(OPERATION);
        return manifest;
    }

    static Path write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /** A file of that apparent size with a little data at its end alone. */
    static Path sparse(Path file, long bytes) throws IOException {
        Files.createDirectories(file.getParent());
        try (var channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE))) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {1}), bytes - 1);
        }
        return file;
    }

    static void fifo(Path path) throws IOException {
        try {
            var made = new ProcessBuilder("mkfifo", path.toString()).start().waitFor();
            if (made != 0) {
                throw new IOException("mkfifo failed");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Every regular file below the directory with its content. */
    static Map<String, String> contents(Path directory) throws IOException {
        var all = new TreeMap<String, String>();
        for (var file : Payload.list(directory)) {
            all.put(file.path(), Files.readString(directory.resolve(file.path())));
        }
        return all;
    }

    /** The payload's files with the digest of each. */
    static List<PayloadFile> digested(Path payload) throws IOException {
        var files = new ArrayList<PayloadFile>();
        for (var file : Payload.list(payload)) {
            files.add(new PayloadFile(file.path(), file.bytes(), TreeDigest.of(payload.resolve(file.path()))));
        }
        return List.copyOf(files);
    }
}
