package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.Durable;
import dev.snapfork.file.Rename;
import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What snapshots and instances have in common: directories named by id below one parent, each with a manifest in it.
 *
 * @param <M> the manifest
 */
final class Aggregates<M> {
    /** How one kind of aggregate is read and written. */
    interface Form<M> {
        String fileName();

        String id(M manifest);

        long version(M manifest);

        /** Reads the manifest in a directory that is there. */
        AsFound<M> read(Path directory, String id) throws DamagedRecordException, IOException;

        /** The manifest as it is written. */
        ObjectNode json(M manifest);
    }

    private final Path parent;
    private final Form<M> form;
    private final AggregateLocks locks;
    private final Trash trash;
    private final Faults faults;

    Aggregates(Path parent, Form<M> form, AggregateLocks locks, Trash trash, Faults faults) {
        this.parent = parent;
        this.form = form;
        this.locks = locks;
        this.trash = trash;
        this.faults = faults;
    }

    Path directory(String id) {
        return parent.resolve(id);
    }

    void passed(Step step) throws IOException {
        faults.at(step);
    }

    Found<M> find(String id) throws IOException {
        return read(directory(id), id);
    }

    Found<M> read(Path directory, String id) throws IOException {
        return switch (look(directory, id)) {
            case Found.Present<AsFound<M>>(var found) -> new Found.Present<>(found.manifest());
            case Found.Damaged<AsFound<M>>(var damaged, var problem) -> new Found.Damaged<>(damaged, problem);
            case Found.Absent<AsFound<M>>() -> new Found.Absent<>();
        };
    }

    /** Reads what lies there, whatever it is. */
    Found<AsFound<M>> look(Path directory, String id) throws IOException {
        if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
            return notADirectory(directory, id);
        }
        try {
            return new Found.Present<>(form.read(directory, id));
        } catch (DamagedRecordException e) {
            // it may have been deleted while it was read
            return Files.isDirectory(directory, NOFOLLOW_LINKS)
                    ? new Found.Damaged<>(id, e.problem())
                    : notADirectory(directory, id);
        }
    }

    private static <T> Found<T> notADirectory(Path directory, String id) {
        return Files.exists(directory, NOFOLLOW_LINKS)
                ? new Found.Damaged<>(id, "is not a directory")
                : new Found.Absent<>();
    }

    /** Writes the manifest into the staged directory and makes all of it stable. */
    void stage(Path staged, M manifest) throws IOException {
        // nobody looks for it there, so that it is synced once, with the rest
        ManifestFile.create(staged.resolve(form.fileName()), form.json(manifest));
        var live = staged.resolve(Layout.LIVE);
        Durable.fsyncTree(staged, live::equals);
        faults.at(Step.STAGED);
    }

    /** Makes the staged directory with its manifest stable, then visible. */
    Commit publishNew(Path staged, M manifest) throws IOException {
        var id = form.id(manifest);
        stage(staged, manifest);
        try {
            Rename.noReplace(staged, directory(id));
        } catch (IOException e) {
            if (Files.exists(staged, NOFOLLOW_LINKS) && Files.exists(directory(id), NOFOLLOW_LINKS)) {
                return new Commit.Exists(id);
            }
            throw e;
        }
        faults.at(Step.RENAMED);
        Durable.fsyncDirectory(parent);
        faults.at(Step.COMMITTED);
        return new Commit.Done();
    }

    /**
     * Makes it stable that the aggregate is there as it is: an attempt that was broken off after its rename may not have come
     * so far, and a process that was killed has taken nothing back, but a power cut would.
     */
    void confirm(String id) throws IOException {
        Durable.fsyncDirectory(directory(id));
        Durable.fsyncDirectory(parent);
        faults.at(Step.COMMITTED);
    }

    /**
     * Swaps the manifest alone.
     *
     * @param by whose place in staging the new one comes from, so that an attempt that has lost it changes nothing; null for
     *     what no command asks for
     */
    Commit replaceManifest(long expected, M next, @Nullable Attempt by) throws IOException {
        var id = form.id(next);
        if (form.version(next) != expected && form.version(next) != expected + 1) {
            throw new IllegalArgumentException("version " + form.version(next) + " does not follow " + expected);
        }
        return ifUnchanged(expected, id, () -> write(next, by));
    }

    /** Writes the manifest in place of the present one; for the holder of the lock. */
    void write(M manifest, @Nullable Attempt by) throws IOException {
        var file = file(form.id(manifest));
        ManifestFile.write(file, form.json(manifest), by == null ? file.resolveSibling("") : by.directory());
        ManifestFile.sweep(file);
    }

    /** Removes what writers of the manifest that died left beside it. */
    void sweep(String id) throws IOException {
        locks.holding(id, () -> {
            ManifestFile.sweep(file(id));
            return id;
        });
    }

    private Path file(String id) {
        return directory(id).resolve(form.fileName());
    }

    /** Does the work while nobody else can change the aggregate. */
    <T> T holding(String id, AggregateLocks.Guarded<T> work) throws IOException {
        return locks.holding(id, work);
    }

    /** Shows what is there while nobody else can change it. */
    void whileUnchanged(String id, Consumer<M> look) throws IOException {
        var unused = locks.holding(id, () -> {
            var found = find(id);
            if (found instanceof Found.Present<M>(var current)) {
                look.accept(current);
            }
            return found;
        });
    }

    interface Change {
        void make() throws IOException;
    }

    /** Makes the change while nobody else can make one, provided that the aggregate is in the expected version. */
    Commit ifUnchanged(long expected, String id, Change change) throws IOException {
        return locks.holding(id, () -> {
            if (!(find(id) instanceof Found.Present<M>(var current))) {
                return new Commit.Gone(id);
            }
            var found = form.version(current);
            if (found != expected) {
                return new Commit.VersionConflict(id, expected, found);
            }
            change.make();
            return new Commit.Done();
        });
    }

    /**
     * Moves the aggregate into the operation's trash, unless the operation already has.
     *
     * @return what was moved, now or by an earlier attempt; absent if there was nothing to move
     */
    Found<M> trash(String id, OperationId operation) throws IOException {
        return locks.holding(id, () -> {
            if (Files.exists(directory(id), NOFOLLOW_LINKS)) {
                trash.take(directory(id), operation, id);
            } else if (trash.holds(operation, id)) {
                trash.confirm(directory(id), operation);
            }
            return readTrashed(id, operation);
        });
    }

    /** What is in the trash can be thrown away all the same if the disk does not give its manifest back. */
    private Found<M> readTrashed(String id, OperationId operation) {
        try {
            return read(trash.place(operation, id), id);
        } catch (IOException e) {
            return new Found.Damaged<>(id, "cannot be read: " + e);
        }
    }

    /** What the operation moved into its trash; empty if nothing of that id. */
    Optional<Found<M>> trashed(String id, OperationId operation) throws IOException {
        return trash.holds(operation, id) ? Optional.of(read(trash.place(operation, id), id)) : Optional.empty();
    }
}
