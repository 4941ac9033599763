package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.Network;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.instance.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instance that {@code metadata.json} describes, whose keys are Go field names and whose sizes are bytes. */
final class InstanceJson {
    private static final String NETWORK = "default";

    /** What {@code metadata.json} does not say. */
    record Standing(InstanceState state, @Nullable String stateError, boolean hasSnapshot, long version) {}

    private InstanceJson() {}

    /**
     * Reads the instance.
     *
     * @param id the one that the directory is named by; the metadata may leave its own out but not contradict
     * @param unknownCreation stands for a creation time that is missing
     */
    static Instance read(InstanceId id, ObjectNode metadata, Standing standing, Instant unknownCreation)
            throws DamagedRecordException {
        var fields = new Fields("", metadata);
        var own = fields.parsed("Id", InstanceId::new);
        if (own != null && !own.equals(id)) {
            throw fields.wrong("Id", "names another instance: " + own);
        }
        var name = fields.nonEmptyText("Name");
        var image = fields.text("Image");
        var created = fields.time("CreatedAt");
        var hypervisor = fields.parsed("HypervisorType", Hypervisor::parse);
        return new Instance(
                id,
                name == null ? id.value() : name,
                image == null ? "" : image,
                fields.nonEmptyText("Platform"),
                standing.state(),
                standing.stateError(),
                size(fields, "Size"),
                size(fields, "HotplugSize"),
                size(fields, "OverlaySize"),
                fields.smallCount("Vcpus"),
                fields.texts("Env"),
                fields.texts("Tags"),
                network(fields),
                volumes(fields),
                created == null ? unknownCreation : created,
                null,
                fields.time("StartedAt"),
                fields.time("StoppedAt"),
                standing.hasSnapshot(),
                hypervisor == null ? Hypervisor.CLOUD_HYPERVISOR : hypervisor,
                policy(fields.object("SnapshotPolicy")),
                standing.version());
    }

    private static @Nullable ByteSize size(Fields fields, String key) throws DamagedRecordException {
        var bytes = fields.count(key);
        return bytes == null ? null : new ByteSize(bytes);
    }

    private static Network network(Fields fields) throws DamagedRecordException {
        var enabled = fields.flag("NetworkEnabled");
        return new Network(enabled, enabled ? NETWORK : null, fields.nonEmptyText("IP"), fields.nonEmptyText("MAC"));
    }

    private static List<Volume> volumes(Fields fields) throws DamagedRecordException {
        var all = new ArrayList<Volume>();
        for (var volume : fields.objects("Volumes")) {
            var mountPath = volume.text("MountPath");
            all.add(new Volume(
                    volume.required("VolumeID", text -> text),
                    mountPath == null ? "" : mountPath,
                    volume.flag("Readonly"),
                    volume.flag("Overlay"),
                    size(volume, "OverlaySize")));
        }
        return all;
    }

    private static @Nullable SnapshotPolicy policy(@Nullable Fields fields) throws DamagedRecordException {
        if (fields == null) {
            return null;
        }
        var delay = fields.number("StandbyCompressionDelay");
        return new SnapshotPolicy(
                compression(fields.object("Compression")), delay == null ? null : GoDuration.ofNanos(delay));
    }

    /** The policy as {@code metadata.json} has it. */
    static ObjectNode write(SnapshotPolicy policy) {
        var node = ManifestFile.newObject();
        if (policy.compression() == null) {
            node.putNull("Compression");
        } else {
            write(node.putObject("Compression"), policy.compression());
        }
        var delay = policy.standbyCompressionDelay();
        node.set(
                "StandbyCompressionDelay",
                delay == null
                        ? node.nullNode()
                        : ManifestFile.number(delay.value().toNanos()));
        return node;
    }

    static @Nullable CompressionConfig compression(@Nullable Fields fields) throws DamagedRecordException {
        if (fields == null) {
            return null;
        }
        return new CompressionConfig(
                fields.flag("enabled"),
                fields.parsed("algorithm", CompressionAlgorithm::parse),
                fields.smallCount("level"));
    }

    static void write(ObjectNode node, CompressionConfig compression) {
        node.put("enabled", compression.enabled());
        if (compression.algorithm() != null) {
            node.put("algorithm", compression.algorithm().text());
        }
        if (compression.level() != null) {
            node.put("level", compression.level());
        }
    }
}
