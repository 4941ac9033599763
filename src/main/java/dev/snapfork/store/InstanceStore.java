package dev.snapfork.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.Durable;
import dev.snapfork.file.Rename;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The instances: {@code guests/{id}} with {@code metadata.json}. */
public final class InstanceStore {
    private final Aggregates<InstanceManifest> instances;
    private final Trash trash;

    InstanceStore(Layout layout, AggregateLocks locks, Trash trash, Faults faults) {
        this.instances = new Aggregates<>(layout.guests(), new Form(), locks, trash, faults);
        this.trash = trash;
    }

    Aggregates<InstanceManifest> all() {
        return instances;
    }

    /**
     * The instance as it is now. One that another daemon left and nobody adopted yet is present as adoption would have it.
     *
     * @throws IOException if the storage fails; what cannot be understood is {@link Found.Damaged}
     */
    public Found<InstanceManifest> find(InstanceId id) throws IOException {
        return instances.find(id.value());
    }

    /**
     * Makes a staged directory a new instance.
     *
     * <p>Crashed before the rename: nothing but staging, which the next attempt removes. After it: the instance is there and
     * its manifest names the command, which so finds its work done.
     *
     * @param staged the whole instance directory but for {@code metadata.json}, which is written here
     * @return {@link Commit.Done} or {@link Commit.Exists}
     */
    public Commit publishNew(Path staged, InstanceManifest manifest) throws IOException {
        return instances.publishNew(staged, manifest);
    }

    /**
     * Replaces the metadata alone.
     *
     * @param expected the version that the change was decided on
     * @param next in that version, if only its settled commands differ, or in the following one
     * @return {@link Commit.Done}, {@link Commit.VersionConflict} or {@link Commit.Gone}
     */
    public Commit replaceManifest(long expected, InstanceManifest next) throws IOException {
        return instances.replaceManifest(expected, next, null);
    }

    /** As {@link #replaceManifest(long, InstanceManifest)}, for an attempt: it changes nothing if a later one has taken over. */
    public Commit replaceManifest(long expected, InstanceManifest next, Attempt by) throws IOException {
        return instances.replaceManifest(expected, next, by);
    }

    /**
     * Replaces the metadata and, before, a file of the instance, in one look of everybody who takes the lock. Crashed in between,
     * both files are there and the old metadata.
     *
     * @param written complete and stable, on the store's filesystem; renamed to {@code file}, relative to the instance's directory
     */
    public Commit replaceManifestAndAdd(long expected, InstanceManifest next, Path written, String file, Attempt by)
            throws IOException {
        RelativePath.require(file);
        var id = next.instance().id().value();
        return instances.ifUnchanged(expected, id, () -> {
            var place = instances.directory(id).resolve(file);
            Durable.move(written, place);
            Durable.fsyncDirectory(Filesystems.directoryOf(place));
            instances.passed(Step.MEMORY_RENAMED);
            instances.write(next, by);
            instances.passed(Step.MANIFEST_SWAPPED);
        });
    }

    /** Makes what an earlier attempt has committed stable, in case it was broken off before that. */
    public void confirm(InstanceId id) throws IOException {
        instances.confirm(id.value());
    }

    /** Removes what writers of the manifest that died left beside it. */
    public void sweep(InstanceId id) throws IOException {
        instances.sweep(id.value());
    }

    /**
     * Puts a staged directory in place of the instance's. At every instant the old one or the new one is there, whole.
     *
     * <p>Crashed before the exchange: the old one, and staging, which the next attempt removes. Between exchange and trash:
     * the new one, whose manifest names the command; the old one lies in staging and is removed with it. After that: the old
     * one lies in the operation's trash, to be emptied.
     *
     * @param expected the version that the change was decided on
     * @param staged the whole new directory but for {@code metadata.json}, which is written here; afterwards it is gone
     * @param next in the following version
     * @return {@link Commit.Done}, {@link Commit.VersionConflict} or {@link Commit.Gone}
     * @throws IOException after which the old one or the new one is there; the old one where the filesystem cannot exchange
     *     two directories, which the message says
     */
    public Commit replaceInPlace(long expected, Path staged, InstanceManifest next, OperationId operation)
            throws IOException {
        if (next.version() != expected + 1) {
            throw new IllegalArgumentException("version " + next.version() + " does not follow " + expected);
        }
        var id = next.instance().id().value();
        var place = instances.directory(id);
        instances.stage(staged, next);
        var commit = instances.ifUnchanged(expected, id, () -> {
            Rename.exchange(staged, place);
            instances.passed(Step.EXCHANGED);
            Durable.fsyncDirectory(Filesystems.directoryOf(place));
            Durable.fsyncDirectory(Filesystems.directoryOf(staged));
            instances.passed(Step.COMMITTED);
        });
        if (commit instanceof Commit.Done) {
            trash.take(staged, operation, id);
        }
        return commit;
    }

    /**
     * Shows the instance, if it is there, and lets nobody change it meanwhile: those who want to wait, and only for so long.
     *
     * @throws IOException also if another held it for too long
     */
    public void whileUnchanged(InstanceId id, Consumer<InstanceManifest> look) throws IOException {
        instances.whileUnchanged(id.value(), look);
    }

    /**
     * Removes the instance from sight with one rename; its files wait in the operation's trash. Done again after a crash, it
     * finds what was moved.
     *
     * @return the instance as it was, or {@link Found.Absent} if this operation found none; a damaged one is moved as well
     */
    public Found<InstanceManifest> trash(InstanceId id, OperationId operation) throws IOException {
        return instances.trash(id.value(), operation);
    }

    /** The instance as it was when the operation moved it into its trash; empty if it has not. */
    public Optional<Found<InstanceManifest>> trashed(InstanceId id, OperationId operation) throws IOException {
        return instances.trashed(id.value(), operation);
    }

    private static final class Form implements Aggregates.Form<InstanceManifest> {
        @Override
        public String fileName() {
            return Layout.METADATA;
        }

        @Override
        public String id(InstanceManifest manifest) {
            return manifest.instance().id().value();
        }

        @Override
        public long version(InstanceManifest manifest) {
            return manifest.version();
        }

        @Override
        public AsFound<InstanceManifest> read(Path directory, String id) throws DamagedRecordException, IOException {
            return InstanceManifestFile.read(directory, new InstanceId(id));
        }

        @Override
        public ObjectNode json(InstanceManifest manifest) {
            return manifest.metadata();
        }
    }
}
