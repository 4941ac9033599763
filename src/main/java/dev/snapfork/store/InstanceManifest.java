package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The truth of an instance: the whole of {@code metadata.json}, with our own data under one key of it.
 *
 * @param instance what the metadata says, as the API shows it
 * @param metadata all keys, also those that nobody here knows; a copy, to be changed freely
 */
public record InstanceManifest(Instance instance, ObjectNode metadata, Applied applied) {
    /** The one key that is ours. */
    static final String OURS = "Snapfork";

    static final String STATE = "state";
    static final String STATE_ERROR = "state_error";
    static final String HAS_SNAPSHOT = "has_snapshot";
    static final String MACHINE = "machine";

    public InstanceManifest {
        metadata = metadata.deepCopy();
    }

    @Override
    public ObjectNode metadata() {
        return metadata.deepCopy();
    }

    public long version() {
        return instance.version();
    }

    /**
     * The manifest of an instance that is new here, in version 1.
     *
     * @param metadata what {@link Metadata} made
     * @param hasSnapshot whether its directory holds memory and device state
     * @throws IllegalArgumentException if the metadata describe no instance
     */
    public static InstanceManifest first(
            InstanceId id, ObjectNode metadata, InstanceState state, boolean hasSnapshot, Applied applied) {
        return of(id, metadata, new InstanceJson.Standing(state, null, hasSnapshot, 1), applied);
    }

    /**
     * The next version.
     *
     * @param changed the metadata as they are to be
     * @throws IllegalArgumentException if the metadata describe no instance, or another one
     */
    public InstanceManifest next(ObjectNode changed, InstanceState state, boolean hasSnapshot, Applied newlyApplied) {
        return of(
                instance.id(),
                changed,
                new InstanceJson.Standing(state, null, hasSnapshot, version() + 1),
                newlyApplied);
    }

    /**
     * The next version, of an instance whose machine begins or ceases to run.
     *
     * @param stateError why it is in that state, if somebody should know
     * @param machine the machine that runs; null if none does
     */
    public InstanceManifest next(
            ObjectNode changed,
            InstanceState state,
            @Nullable String stateError,
            boolean hasSnapshot,
            @Nullable ObjectNode machine,
            Applied newlyApplied) {
        return of(
                instance.id(),
                withMachine(changed, machine),
                new InstanceJson.Standing(state, stateError, hasSnapshot, version() + 1),
                newlyApplied);
    }

    /** As {@link #first(InstanceId, ObjectNode, InstanceState, boolean, Applied)}, of one whose machine runs. */
    public static InstanceManifest running(InstanceId id, ObjectNode metadata, ObjectNode machine, Applied applied) {
        return first(id, withMachine(metadata, machine), InstanceState.RUNNING, false, applied);
    }

    /**
     * What is still to be done about its memory in standby; null if nothing is, or it was another daemon that meant to.
     */
    public @Nullable PendingCompression pendingCompression() {
        try {
            var pending = new Fields("", metadata).object(Metadata.PENDING);
            if (pending == null) {
                return null;
            }
            var notBefore = pending.time("NotBefore");
            var compression = InstanceJson.compression(pending.object("Compression"));
            return notBefore == null || compression == null ? null : new PendingCompression(notBefore, compression);
        } catch (DamagedRecordException e) {
            return null;
        }
    }

    /** The machine that runs; null if none does. */
    public @Nullable ObjectNode machine() {
        return metadata.path(OURS).get(MACHINE) instanceof ObjectNode machine ? machine.deepCopy() : null;
    }

    private static ObjectNode withMachine(ObjectNode metadata, @Nullable ObjectNode machine) {
        var changed = metadata.deepCopy();
        var ours = changed.get(OURS) instanceof ObjectNode known ? known : changed.putObject(OURS);
        if (machine == null) {
            ours.remove(MACHINE);
        } else {
            ours.set(MACHINE, machine.deepCopy());
        }
        return changed;
    }

    /** The same instance in the same version, with more commands settled on it: one that was refused, say. */
    public InstanceManifest with(Applied more) {
        return of(
                instance.id(),
                metadata,
                new InstanceJson.Standing(instance.state(), instance.stateError(), instance.hasSnapshot(), version()),
                more);
    }

    static InstanceManifest of(InstanceId id, ObjectNode metadata, InstanceJson.Standing standing, Applied applied) {
        var document = metadata.deepCopy();
        document.put("Id", id.value());
        var ours = document.get(OURS) instanceof ObjectNode known ? known : document.putObject(OURS);
        AppliedJson.write(ours, standing.version(), applied);
        ours.put(STATE, standing.state().text());
        ours.put(HAS_SNAPSHOT, standing.hasSnapshot());
        if (standing.stateError() == null) {
            ours.remove(STATE_ERROR);
        } else {
            ours.put(STATE_ERROR, standing.stateError());
        }
        try {
            return new InstanceManifest(InstanceJson.read(id, document, standing, Instant.EPOCH), document, applied);
        } catch (DamagedRecordException e) {
            throw new IllegalArgumentException("no instance can have this metadata: " + e.problem(), e);
        }
    }

    /** The metadata that a snapshot of the instance keeps: all but our own data. */
    public ObjectNode storedMetadata() {
        var stored = metadata.deepCopy();
        stored.remove(OURS);
        return stored;
    }
}
