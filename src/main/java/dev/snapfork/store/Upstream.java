package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots as another daemon left them: what the manifest would be if they were ours. The record there is believed, but for
 * the memory, where what lies on disk decides: such a daemon may have died halfway, or rewritten a payload behind its record.
 */
final class Upstream {
    private Upstream() {}

    static SnapshotManifest read(SnapshotId id, Path directory, ObjectNode document)
            throws DamagedRecordException, IOException {
        var root = new Fields("", document);
        var stored = SnapshotManifestJson.storedMetadata(root);
        var payload = Layout.payload(directory);
        if (!Files.isDirectory(payload, NOFOLLOW_LINKS)) {
            throw new DamagedRecordException("the payload directory " + Layout.PAYLOAD + " is missing");
        }
        var files = Payload.list(payload).stream()
                .filter(file -> !Leftovers.isLeftover(file.path()))
                .toList();
        var written = Files.getLastModifiedTime(directory.resolve(Layout.SNAPSHOT_MANIFEST), NOFOLLOW_LINKS);
        var recorded = SnapshotJson.read(
                id,
                SnapshotManifestJson.required(root, SnapshotManifestJson.SNAPSHOT),
                stored,
                1,
                Payload.bytes(files),
                written.toInstant());
        var standby = recorded.kind() == SnapshotKind.STANDBY;
        var memory = standby ? MemoryFiles.find(payload).orElse(null) : null;
        if (standby && !MemoryFiles.hasMachineState(payload)) {
            throw new DamagedRecordException("the payload of a Standby snapshot has no memory");
        }
        var snapshot = asItLies(recorded, memory, payload, Payload.bytes(files));
        return new SnapshotManifest(snapshot, stored.node(), files, memory, List.of(), Applied.NOTHING, document);
    }

    /** The snapshot with the compression that its memory file really has; one left compressing stays so, to be done again. */
    private static Snapshot asItLies(Snapshot recorded, @Nullable MemoryFile memory, Path payload, long payloadBytes)
            throws IOException {
        var state = recorded.compressionState();
        if (memory == null) {
            return with(recorded, CompressionState.NONE, null, null, payloadBytes);
        }
        if (memory.encoding() == MemoryFile.Encoding.RAW) {
            return state == CompressionState.COMPRESSED
                    ? with(recorded, CompressionState.NONE, null, null, payloadBytes)
                    : with(recorded, state, recorded.compression(), null, payloadBytes);
        }
        var bytes = Files.size(payload.resolve(memory.path()));
        if (state == CompressionState.COMPRESSING) {
            return with(recorded, state, recorded.compression(), bytes, payloadBytes);
        }
        var algorithm =
                memory.encoding() == MemoryFile.Encoding.ZSTD ? CompressionAlgorithm.ZSTD : CompressionAlgorithm.LZ4;
        var known = recorded.compression();
        var config = known != null && known.enabled() && known.effectiveAlgorithm() == algorithm
                ? known
                : new CompressionConfig(true, algorithm, null);
        return with(recorded, CompressionState.COMPRESSED, config, bytes, payloadBytes);
    }

    private static Snapshot with(
            Snapshot recorded,
            CompressionState state,
            @Nullable CompressionConfig config,
            @Nullable Long compressedBytes,
            long payloadBytes) {
        return new Snapshot(
                recorded.id(),
                recorded.name(),
                recorded.kind(),
                recorded.tags(),
                recorded.sourceInstanceId(),
                recorded.sourceInstanceName(),
                recorded.sourceHypervisor(),
                recorded.createdAt(),
                payloadBytes,
                state,
                state == CompressionState.ERROR ? recorded.compressionError() : null,
                config,
                compressedBytes,
                compressedBytes == null ? null : recorded.uncompressedSizeBytes(),
                recorded.version());
    }
}
