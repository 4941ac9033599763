package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import java.time.Instant;

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
