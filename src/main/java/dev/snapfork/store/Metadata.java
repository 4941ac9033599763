package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.SnapshotPolicy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an instance's metadata come from others. Pure: what goes in is never changed, and unknown keys are carried along. */
public final class Metadata {
    private static final List<String> SOCKETS = List.of("SocketPath", "VsockSocket");

    private Metadata() {}

    /**
     * The metadata of a new instance made from a snapshot. Environment, tags, policies and vsock CID are the snapshot's; the
     * addresses are nobody's yet.
     *
     * @param directory where the new instance will lie
     */
    public static ObjectNode forked(ObjectNode stored, InstanceId id, String name, Path directory, Instant now) {
        var forked = atRest(stored, id, directory, now);
        forked.put("Name", name);
        forked.put("CreatedAt", now.toString());
        forked.put("IP", "");
        forked.put("MAC", "");
        return forked;
    }

    /**
     * The metadata of an instance that a snapshot of its own is put back into: the snapshot's, while identity stays what it is.
     *
     * @param current the instance's own metadata, which name and creation time are taken from
     */
    public static ObjectNode restored(
            ObjectNode stored, ObjectNode current, InstanceId id, Path directory, Instant now) {
        var restored = atRest(stored, id, directory, now);
        for (var key : List.of("Name", "CreatedAt", InstanceManifest.OURS)) {
            if (current.has(key)) {
                restored.set(key, current.get(key).deepCopy());
            }
        }
        return restored;
    }

    /**
     * The metadata of an imported directory.
     *
     * @param existing what lay in it, empty if nothing did; its tags and policy stay where none are given
     */
    public static ObjectNode imported(
            ObjectNode existing,
            InstanceId id,
            String name,
            Hypervisor hypervisor,
            Map<String, String> tags,
            @Nullable SnapshotPolicy policy,
            Path directory,
            Instant now) {
        var imported = atRest(existing, id, directory, now);
        imported.put("Name", name);
        imported.put("HypervisorType", hypervisor.text());
        if (!imported.hasNonNull("CreatedAt")) {
            imported.put("CreatedAt", now.toString());
        }
        if (!tags.isEmpty()) {
            var node = imported.putObject("Tags");
            tags.forEach(node::put);
        }
        if (policy != null) {
            imported.set("SnapshotPolicy", InstanceJson.write(policy));
        }
        return imported;
    }

    /** The metadata in another directory, of a machine that does not run. */
    private static ObjectNode atRest(ObjectNode source, InstanceId id, Path directory, Instant now) {
        var metadata = source.deepCopy();
        metadata.remove(InstanceManifest.OURS);
        metadata.put("Id", id.value());
        metadata.putNull("HypervisorPID");
        metadata.putNull("StartedAt");
        metadata.put("StoppedAt", now.toString());
        metadata.putNull("PendingStandbyCompression");
        var old = metadata.path("DataDir").asText("");
        for (var key : SOCKETS) {
            var socket = metadata.path(key).asText("");
            if (!socket.isEmpty()) {
                metadata.put(key, moved(socket, old, directory));
            }
        }
        metadata.put("DataDir", directory.toString());
        return metadata;
    }

    private static String moved(String socket, String old, Path directory) {
        return !old.isEmpty() && socket.startsWith(old + "/")
                ? directory + socket.substring(old.length())
                : directory + "/" + socket.substring(socket.lastIndexOf('/') + 1);
    }
}
