package dev.snapfork.store;

import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import java.nio.file.Path;

/** Where everything lies below the data directory. Paths are made of ids only, never of text that came from outside. */
public record Layout(Path data) {
    static final String METADATA = "metadata.json";
    static final String SNAPSHOT_MANIFEST = "snapshot.json";
    static final String PAYLOAD = "guest";
    /** Memory and device state of an instance in standby, below its directory. */
    public static final String LATEST = "snapshots/snapshot-latest";

    /** What belongs to a machine only while it runs, its memory above all: never copied, never synced. */
    public static final String LIVE = "live";

    public Layout {
        data = data.toAbsolutePath().normalize();
    }

    public Path guests() {
        return data.resolve("guests");
    }

    public Path guest(InstanceId id) {
        return guests().resolve(id.value());
    }

    public Path snapshots() {
        return data.resolve("snapshots");
    }

    public Path snapshot(SnapshotId id) {
        return snapshots().resolve(id.value());
    }

    /** The captured instance directory of a published snapshot. */
    public Path payload(SnapshotId id) {
        return payload(snapshot(id));
    }

    /** The captured instance directory of a snapshot's directory, published or staged. */
    public static Path payload(Path snapshotDirectory) {
        return snapshotDirectory.resolve(PAYLOAD);
    }

    /** The snapshot schedules' manifests, one an instance. */
    public Path schedules() {
        return data.resolve("schedules");
    }

    /** What new machines are made of, one directory an image; put there by whoever runs the service. */
    public Path images() {
        return data.resolve("images");
    }

    public Path staging() {
        return data.resolve("staging");
    }

    public Path staging(OperationId id) {
        return staging().resolve(id.value());
    }

    public Path trash() {
        return data.resolve("trash");
    }

    public Path trash(OperationId id) {
        return trash().resolve(id.value());
    }

    /** Where directories to import are put by whoever runs the service. */
    public Path imports() {
        return data.resolve("import");
    }

    /** What can be made again from the rest: lost at any time, never part of a backup. */
    public Path memoryCache() {
        return data.resolve("cache").resolve("memory");
    }

    /** What was found out about the integrity of snapshots and instances. */
    Path health() {
        return data.resolve("health");
    }

    public Path locks() {
        return data.resolve("locks");
    }
}
