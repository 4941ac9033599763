package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The {@code snapshot} object of {@code snapshot.json}: the API's names, but for the hypervisor's. */
final class SnapshotJson {
    private static final String HYPERVISOR = "SourceHypervisor";
    private static final String HYPERVISOR_ALSO = "source_hypervisor";

    private SnapshotJson() {}

    /**
     * Reads the snapshot.
     *
     * @param payloadBytes stands for a size that is missing
     * @param unknownCreation stands for a creation time that is missing
     */
    static Snapshot read(
            SnapshotId id, Fields fields, Fields stored, long version, long payloadBytes, Instant unknownCreation)
            throws DamagedRecordException {
        var own = fields.parsed("id", SnapshotId::new);
        if (own != null && !own.equals(id)) {
            throw fields.wrong("id", "names another snapshot: " + own);
        }
        var source = fields.required("source_instance_id", InstanceId::new);
        var sourceName = fields.nonEmptyText("source_instance_name");
        var created = fields.time("created_at");
        var size = fields.count("size_bytes");
        var compression = fields.parsed("compression_state", CompressionState::parse);
        return new Snapshot(
                id,
                fields.nonEmptyText("name"),
                fields.required("kind", SnapshotKind::parse),
                fields.texts("tags"),
                source,
                sourceName == null ? source.value() : sourceName,
                hypervisor(fields, stored),
                created == null ? unknownCreation : created,
                size == null ? payloadBytes : size,
                compression == null ? CompressionState.NONE : compression,
                fields.nonEmptyText("compression_error"),
                InstanceJson.compression(fields.object("compression")),
                fields.count("compressed_size_bytes"),
                fields.count("uncompressed_size_bytes"),
                version);
    }

    private static Hypervisor hypervisor(Fields fields, Fields stored) throws DamagedRecordException {
        var named = fields.parsed(HYPERVISOR, Hypervisor::parse);
        var also = named == null ? fields.parsed(HYPERVISOR_ALSO, Hypervisor::parse) : named;
        var last = also == null ? stored.parsed("HypervisorType", Hypervisor::parse) : also;
        return last == null ? Hypervisor.CLOUD_HYPERVISOR : last;
    }

    /** Sets our keys in the node, takes out those of ours that have no value and leaves all others. */
    static void write(ObjectNode node, Snapshot snapshot) {
        node.put("id", snapshot.id().value());
        put(node, "name", snapshot.name());
        node.put("kind", snapshot.kind().text());
        node.remove("tags");
        if (!snapshot.tags().isEmpty()) {
            var tags = node.putObject("tags");
            snapshot.tags().entrySet().stream()
                    .sorted(java.util.Map.Entry.comparingByKey())
                    .forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        }
        node.put("source_instance_id", snapshot.sourceInstanceId().value());
        node.put("source_instance_name", snapshot.sourceInstanceName());
        node.remove(HYPERVISOR_ALSO);
        node.put(HYPERVISOR, snapshot.sourceHypervisor().text());
        node.put("created_at", snapshot.createdAt().toString());
        node.put("size_bytes", snapshot.sizeBytes());
        node.put("compression_state", snapshot.compressionState().text());
        put(node, "compression_error", snapshot.compressionError());
        node.remove("compression");
        if (snapshot.compression() != null) {
            InstanceJson.write(node.putObject("compression"), snapshot.compression());
        }
        put(node, "compressed_size_bytes", snapshot.compressedSizeBytes());
        put(node, "uncompressed_size_bytes", snapshot.uncompressedSizeBytes());
    }

    private static void put(ObjectNode node, String key, @Nullable String value) {
        if (value == null) {
            node.remove(key);
        } else {
            node.put(key, value);
        }
    }

    private static void put(ObjectNode node, String key, @Nullable Long value) {
        if (value == null) {
            node.remove(key);
        } else {
            node.put(key, value);
        }
    }
}
