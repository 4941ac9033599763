package dev.snapfork.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.snapfork.health.Health;
import dev.snapfork.health.HealthState;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as the API and the events show it. Only the legal transitions exist as methods; each counts the version up.
 *
 * @param sizeBytes sum of the apparent sizes of the payload's regular files
 * @param compression what the memory is, or is being, compressed with
 * @param compressedSizeBytes size of the compressed memory file, once there is one
 * @param uncompressedSizeBytes apparent size of the memory, once it is compressed
 * @param version counts the snapshot's changes from 1, without gaps
 * @param health what is known of the files' integrity, and the two after it; null in manifests and events, since findings have a
 *     history of their own
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Snapshot(
        SnapshotId id,
        @Nullable String name,
        SnapshotKind kind,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> tags,
        InstanceId sourceInstanceId,
        String sourceInstanceName,
        Hypervisor sourceHypervisor,
        Instant createdAt,
        long sizeBytes,
        CompressionState compressionState,
        @Nullable String compressionError,
        @Nullable CompressionConfig compression,
        @Nullable Long compressedSizeBytes,
        @Nullable Long uncompressedSizeBytes,
        long version,
        @Nullable HealthState health,
        @Nullable Instant healthCheckedAt,
        @Nullable String healthError) {

    @SuppressWarnings("NullAway") // absent tags arrive as null from JSON
    public Snapshot {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(sourceInstanceId, "source_instance_id");
        Objects.requireNonNull(createdAt, "created_at");
        tags = tags == null ? Map.of() : Map.copyOf(tags);
    }

    /** The snapshot itself, without what was found out about its files. */
    public Snapshot(
            SnapshotId id,
            @Nullable String name,
            SnapshotKind kind,
            Map<String, String> tags,
            InstanceId sourceInstanceId,
            String sourceInstanceName,
            Hypervisor sourceHypervisor,
            Instant createdAt,
            long sizeBytes,
            CompressionState compressionState,
            @Nullable String compressionError,
            @Nullable CompressionConfig compression,
            @Nullable Long compressedSizeBytes,
            @Nullable Long uncompressedSizeBytes,
            long version) {
        this(
                id,
                name,
                kind,
                tags,
                sourceInstanceId,
                sourceInstanceName,
                sourceHypervisor,
                createdAt,
                sizeBytes,
                compressionState,
                compressionError,
                compression,
                compressedSizeBytes,
                uncompressedSizeBytes,
                version,
                null,
                null,
                null);
    }

    /**
     * The same snapshot with what was found out about its files.
     *
     * @param finding null if nobody has looked
     */
    public Snapshot withHealth(@Nullable Health finding) {
        return new Snapshot(
                id,
                name,
                kind,
                tags,
                sourceInstanceId,
                sourceInstanceName,
                sourceHypervisor,
                createdAt,
                sizeBytes,
                compressionState,
                compressionError,
                compression,
                compressedSizeBytes,
                uncompressedSizeBytes,
                version,
                finding == null ? HealthState.UNKNOWN : finding.state(),
                finding == null ? null : finding.checkedAt(),
                finding == null ? null : finding.error());
    }

    /** Compressing with {@code config} has begun; what there was before stays readable until it has finished. */
    public Snapshot compressing(CompressionConfig config) {
        return with(CompressionState.COMPRESSING, null, config, compressedSizeBytes, uncompressedSizeBytes, sizeBytes);
    }

    /**
     * The memory file is compressed.
     *
     * @param uncompressedBytes apparent size of the raw memory; null where it was compressed elsewhere without saying
     * @param payloadBytes the new {@link #sizeBytes}
     */
    public Snapshot compressed(
            CompressionConfig config, long compressedBytes, @Nullable Long uncompressedBytes, long payloadBytes) {
        return with(CompressionState.COMPRESSED, null, config, compressedBytes, uncompressedBytes, payloadBytes);
    }

    /** Compressing was given up; the memory stays what it was. */
    public Snapshot compressionFailed(String why) {
        return with(CompressionState.ERROR, why, compression, compressedSizeBytes, uncompressedSizeBytes, sizeBytes);
    }

    /**
     * Compressing was stopped; the memory stays what it was.
     *
     * @param config what the memory is compressed with; null if it is not
     */
    public Snapshot compressionCancelled(@Nullable CompressionConfig config) {
        var state = config == null ? CompressionState.NONE : CompressionState.COMPRESSED;
        return with(state, null, config, compressedSizeBytes, uncompressedSizeBytes, sizeBytes);
    }

    /** The last state of a snapshot that is no more. */
    public Snapshot deleted() {
        return with(
                compressionState, compressionError, compression, compressedSizeBytes, uncompressedSizeBytes, sizeBytes);
    }

    private Snapshot with(
            CompressionState state,
            @Nullable String error,
            @Nullable CompressionConfig config,
            @Nullable Long compressedBytes,
            @Nullable Long uncompressedBytes,
            long payloadBytes) {
        return new Snapshot(
                id,
                name,
                kind,
                tags,
                sourceInstanceId,
                sourceInstanceName,
                sourceHypervisor,
                createdAt,
                payloadBytes,
                state,
                error,
                config,
                compressedBytes,
                uncompressedBytes,
                version + 1);
    }
}
