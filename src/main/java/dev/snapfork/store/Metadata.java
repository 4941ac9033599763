package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.RequestedMachine;
import dev.snapfork.instance.SnapshotPolicy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an instance's metadata come from others. Pure: what goes in is never changed, and unknown keys are carried along. */
public final class Metadata {
    private static final List<String> SOCKETS = List.of("SocketPath", "VsockSocket");

    private static final String IDENTITY_DUE = "IdentityDue";
    static final String PENDING = "PendingStandbyCompression";

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
        forked.remove(IDENTITY_DUE);
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

    /**
     * The metadata of an instance that is made of an image.
     *
     * @param machine with nothing left to defaults but what is null of its sizes
     */
    public static ObjectNode created(
            InstanceId id,
            String name,
            Hypervisor hypervisor,
            RequestedMachine machine,
            long memoryBytes,
            int vcpus,
            Path directory,
            Instant now) {
        var created = ManifestFile.newObject();
        created.put("Id", id.value());
        created.put("Name", name);
        created.put("Image", machine.image());
        created.put("Size", memoryBytes);
        if (machine.overlaySize() != null) {
            created.put("OverlaySize", machine.overlaySize().bytes());
        }
        created.put("Vcpus", vcpus);
        var env = created.putObject("Env");
        machine.env().forEach(env::put);
        var tags = created.putObject("Tags");
        machine.tags().forEach(tags::put);
        created.put("NetworkEnabled", machine.network());
        created.put("IP", "");
        created.put("MAC", "");
        created.put("CreatedAt", now.toString());
        created.put("HypervisorType", hypervisor.text());
        created.put("DataDir", directory.toString());
        if (machine.snapshotPolicy() != null) {
            created.set("SnapshotPolicy", InstanceJson.write(machine.snapshotPolicy()));
        }
        Requested.write(created, machine.further());
        return created;
    }

    /**
     * The metadata of an instance whose machine runs now.
     *
     * @param pid of its monitor
     * @param version the monitor's
     * @param mac of its network; null if it has none
     */
    public static ObjectNode running(ObjectNode metadata, long pid, String version, @Nullable String mac, Instant now) {
        var running = metadata.deepCopy();
        running.put("HypervisorPID", pid);
        running.put("HypervisorVersion", version);
        running.put("MAC", mac == null ? "" : mac);
        running.put("StartedAt", now.toString());
        running.putNull("StoppedAt");
        running.putNull(PENDING);
        return running;
    }

    /** The metadata of the same instance once its machine does not run any more. */
    public static ObjectNode ended(ObjectNode metadata, Instant now) {
        var ended = metadata.deepCopy();
        ended.putNull("HypervisorPID");
        ended.put("StoppedAt", now.toString());
        ended.putNull(PENDING);
        return ended;
    }

    /**
     * Of a fork in standby: its memory still holds who it was forked from. Kept with snapshots of it, whose machines are no
     * other.
     */
    public static ObjectNode identityDue(ObjectNode metadata) {
        return metadata.deepCopy().put(IDENTITY_DUE, true);
    }

    public static boolean isIdentityDue(ObjectNode metadata) {
        return metadata.path(IDENTITY_DUE).asBoolean(false);
    }

    /**
     * The same of a machine that knows who it is.
     *
     * @param mac that it has; null if that is not known
     */
    public static ObjectNode identified(ObjectNode metadata, @Nullable String mac) {
        var identified = metadata.deepCopy();
        identified.remove(IDENTITY_DUE);
        identified.put("MAC", mac == null ? "" : mac);
        return identified;
    }

    /** That the memory in standby is to be compressed, when and how; null for no more. */
    public static ObjectNode pending(ObjectNode metadata, @Nullable PendingCompression pending) {
        var changed = metadata.deepCopy();
        if (pending == null) {
            changed.putNull(PENDING);
        } else {
            var node = changed.putObject(PENDING);
            node.put("NotBefore", pending.notBefore().toString());
            InstanceJson.write(node.putObject("Compression"), pending.compression());
        }
        return changed;
    }

    /** The metadata of the same instance on another hypervisor. */
    public static ObjectNode on(ObjectNode metadata, Hypervisor hypervisor) {
        var changed = metadata.deepCopy();
        changed.put("HypervisorType", hypervisor.text());
        changed.remove("HypervisorVersion");
        return changed;
    }

    /** The metadata in another directory, of a machine that does not run. */
    private static ObjectNode atRest(ObjectNode source, InstanceId id, Path directory, Instant now) {
        var metadata = source.deepCopy();
        metadata.remove(InstanceManifest.OURS);
        metadata.put("Id", id.value());
        metadata.putNull("HypervisorPID");
        metadata.putNull("StartedAt");
        metadata.put("StoppedAt", now.toString());
        metadata.putNull(PENDING);
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
