package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.fault.Faults;
import dev.snapfork.file.Durable;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The snapshots: {@code snapshots/{id}} with {@code snapshot.json} and the payload in {@code guest/}. */
public final class SnapshotStore {
    private final Layout layout;
    private final Aggregates<SnapshotManifest> snapshots;

    SnapshotStore(Layout layout, AggregateLocks locks, Trash trash, Faults faults) {
        this.layout = layout;
        this.snapshots = new Aggregates<>(layout.snapshots(), new Form(), locks, trash, faults);
    }

    Aggregates<SnapshotManifest> all() {
        return snapshots;
    }

    /**
     * The snapshot as it is now. One that another daemon left and nobody adopted yet is present as adoption would have it.
     *
     * @throws IOException if the storage fails; what cannot be understood is {@link Found.Damaged}
     */
    public Found<SnapshotManifest> find(SnapshotId id) throws IOException {
        return snapshots.find(id.value());
    }

    /** The directory that holds the files which the manifest names. */
    public Path payload(SnapshotId id) {
        return layout.payload(id);
    }

    /**
     * Makes a staged directory a new snapshot.
     *
     * <p>Crashed before the rename: nothing but staging, which the next attempt removes. After it: the snapshot is there and
     * its manifest names the command, which so finds its work done.
     *
     * @param staged holds the payload in {@code guest/}; the manifest is written here
     * @return {@link Commit.Done} or {@link Commit.Exists}
     */
    public Commit publishNew(Path staged, SnapshotManifest manifest) throws IOException {
        return snapshots.publishNew(staged, manifest);
    }

    /**
     * Replaces the manifest alone.
     *
     * @param expected the version that the change was decided on
     * @param next in that version, if only its settled commands or its knowledge of files differ, or in the following one
     * @return {@link Commit.Done}, {@link Commit.VersionConflict} or {@link Commit.Gone}
     */
    public Commit replaceManifest(long expected, SnapshotManifest next) throws IOException {
        return snapshots.replaceManifest(expected, next, null);
    }

    /** The same for an attempt at a command; one that has lost its place in staging changes nothing and fails. */
    public Commit replaceManifest(long expected, SnapshotManifest next, Attempt by) throws IOException {
        return snapshots.replaceManifest(expected, next, by);
    }

    /** Makes what an earlier attempt has committed stable, in case it was broken off before that. */
    public void confirm(SnapshotManifest manifest) throws IOException {
        var memory = manifest.memory();
        if (memory != null) {
            var file = payload(manifest.snapshot().id()).resolve(memory.path());
            Durable.fsyncDirectory(Filesystems.directoryOf(file));
        }
        snapshots.confirm(manifest.snapshot().id().value());
    }

    /** Removes what writers of the manifest that died left beside it. */
    public void sweep(SnapshotId id) throws IOException {
        snapshots.sweep(id.value());
    }

    /**
     * Shows the snapshot, if it is there, and lets nobody change it meanwhile: those who want to wait, and only for so long.
     *
     * @throws IOException also if another held it for too long
     */
    public void whileUnchanged(SnapshotId id, Consumer<SnapshotManifest> look) throws IOException {
        snapshots.whileUnchanged(id.value(), look);
    }

    /**
     * Removes the snapshot from sight with one rename; its files wait in the operation's trash. Done again after a crash, it
     * finds what was moved.
     *
     * @return the snapshot as it was, or {@link Found.Absent} if this operation found none; a damaged one is moved as well
     */
    public Found<SnapshotManifest> trash(SnapshotId id, OperationId operation) throws IOException {
        return snapshots.trash(id.value(), operation);
    }

    /** The snapshot as it was when the operation moved it into its trash; empty if it has not. */
    public Optional<Found<SnapshotManifest>> trashed(SnapshotId id, OperationId operation) throws IOException {
        return snapshots.trashed(id.value(), operation);
    }

    private static final class Form implements Aggregates.Form<SnapshotManifest> {
        @Override
        public String fileName() {
            return Layout.SNAPSHOT_MANIFEST;
        }

        @Override
        public String id(SnapshotManifest manifest) {
            return manifest.snapshot().id().value();
        }

        @Override
        public long version(SnapshotManifest manifest) {
            return manifest.version();
        }

        @Override
        public AsFound<SnapshotManifest> read(Path directory, String id) throws DamagedRecordException, IOException {
            var document = ManifestFile.read(directory.resolve(Layout.SNAPSHOT_MANIFEST));
            var name = new SnapshotId(id);
            return new Fields("", document).object(SnapshotManifestJson.OURS) == null
                    ? new AsFound<>(Upstream.read(name, directory, document), false)
                    : new AsFound<>(SnapshotManifestJson.read(name, document), true);
        }

        @Override
        public ObjectNode json(SnapshotManifest manifest) {
            return SnapshotManifestJson.write(manifest);
        }
    }
}
