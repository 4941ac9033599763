package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.Durable;
import dev.snapfork.file.Rename;
import dev.snapfork.instance.InstanceState;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where whoever runs the service puts directories that are to become instances. What a request names is text from outside and
 * is checked element by element: it leads to a real directory below here, or it is refused in words.
 */
public final class ImportDirectory {
    private final Layout layout;
    private final AggregateLocks locks;
    private final Faults faults;

    ImportDirectory(Layout layout, AggregateLocks locks, Faults faults) {
        this.layout = layout;
        this.locks = locks;
        this.faults = faults;
    }

    /** Where the text leads. */
    public sealed interface Resolution {
        /**
         * A directory that can become an instance in the state asked for.
         *
         * @param existing its {@code metadata.json}, empty if it has none
         */
        record Importable(Path directory, ObjectNode existing) implements Resolution {}

        /** @param why what is wrong and what to change */
        record Refused(String why) implements Resolution {}
    }

    /**
     * Resolves the text and checks that the directory holds what an instance in that state needs. Changes nothing.
     *
     * @throws IOException if the storage fails
     */
    public Resolution resolve(String relative, InstanceState state) throws IOException {
        var problem = RelativePath.problem(relative);
        if (problem.isPresent()) {
            return refused(relative, problem.get() + ": name a directory below import/");
        }
        var at = layout.imports();
        for (var element : relative.split("/", -1)) {
            try {
                at = at.resolve(element);
            } catch (InvalidPathException e) {
                return refused(relative, "is no file name here: " + e.getReason());
            }
            if (!Files.exists(at, NOFOLLOW_LINKS)) {
                return refused(relative, "does not exist below import/");
            }
            if (!Files.isDirectory(at, NOFOLLOW_LINKS)) {
                return refused(relative, "leads over something that is not a directory (links are not followed)");
            }
        }
        if (!Filesystems.same(at, layout.guests())) {
            return refused(relative, "is on another filesystem than the instances and cannot be renamed there");
        }
        return contents(relative, at, state);
    }

    private Resolution contents(String relative, Path directory, InstanceState state) throws IOException {
        var unfit = firstUnfit(directory);
        if (unfit != null) {
            return refused(relative, unfit);
        }
        switch (state) {
            case STANDBY -> {
                if (!MemoryFiles.hasMachineState(directory)) {
                    return refused(relative, "holds no memory file: import it as Stopped, or add the memory");
                }
            }
            case STOPPED -> {
                if (Files.exists(directory.resolve(Layout.LATEST), NOFOLLOW_LINKS)) {
                    return refused(relative, "holds " + Layout.LATEST + ": import it as Standby, or remove that");
                }
            }
            case CREATED, INITIALIZING, RUNNING, PAUSED, SHUTDOWN, UNKNOWN -> {
                return refused(relative, "can be imported as Stopped or Standby only, not as " + state.text());
            }
        }
        var file = directory.resolve(Layout.METADATA);
        if (!Files.exists(file, NOFOLLOW_LINKS)) {
            return new Resolution.Importable(directory, ManifestFile.newObject());
        }
        try {
            var existing = ManifestFile.read(file);
            StoredMetadata.checkForImport(existing);
            return new Resolution.Importable(directory, existing);
        } catch (DamagedRecordException e) {
            return refused(relative, "has metadata that cannot be used: " + e.problem());
        }
    }

    private static Resolution refused(String relative, String why) {
        return new Resolution.Refused("directory \"" + relative + "\" " + why);
    }

    /** What of the directory no instance may have, in words. Links are carried along: a machine's image lies elsewhere. */
    private static @Nullable String firstUnfit(Path directory) throws IOException {
        var found = new AtomicReference<@Nullable String>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                var name = directory.relativize(file);
                if (!name.equals(Path.of(name.toString()))) {
                    found.set("holds a file whose name is not text: " + name);
                } else if (attributes.isOther() && FileKind.of(file) == FileKind.SPECIAL) {
                    found.set("holds a named pipe or device: " + name);
                }
                return found.get() == null ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }
        });
        return found.get();
    }

    /** Whether it is a directory below here still, with no link on the way that was put there since it was resolved. */
    private boolean isReal(Path directory) throws IOException {
        var imports = layout.imports();
        return directory.startsWith(imports)
                && Files.isDirectory(directory, NOFOLLOW_LINKS)
                && directory.toRealPath().equals(imports.toRealPath().resolve(imports.relativize(directory)));
    }

    /**
     * Makes the directory an instance: its metadata are written into it, then one rename moves it to its place.
     *
     * <p>Crashed before the rename: the directory is still here, perhaps with the new metadata, and is imported again with the
     * same outcome. After it: the instance is there and its manifest names the command.
     *
     * @param directory as resolved, just now
     * @param by an attempt that has lost its place in staging changes nothing and fails
     * @return {@link Commit.Done}; {@link Commit.Exists} if the id is taken; {@link Commit.Gone} if the directory is not there
     */
    public Commit adopt(Path directory, InstanceManifest manifest, Attempt by) throws IOException {
        if (isReal(directory)) {
            // what is large comes before the lock
            Durable.fsyncTree(directory);
        }
        // two may import one directory: neither is to come away with the metadata of the other
        return locks.holding(
                layout.imports().relativize(directory).toString(), () -> adoptAlone(directory, manifest, by));
    }

    private Commit adoptAlone(Path directory, InstanceManifest manifest, Attempt by) throws IOException {
        var id = manifest.instance().id();
        var place = layout.guest(id);
        if (Files.exists(place, NOFOLLOW_LINKS)) {
            return new Commit.Exists(id.value());
        }
        if (!isReal(directory)) {
            return new Commit.Gone(id.value());
        }
        InstanceManifestFile.write(directory, manifest, by.directory());
        ManifestFile.sweep(directory.resolve(Layout.METADATA));
        Durable.fsyncDirectory(directory);
        faults.at(Step.STAGED);
        Rename.noReplace(by.way(layout.imports()).resolve(layout.imports().relativize(directory)), place);
        faults.at(Step.RENAMED);
        Durable.fsyncDirectory(layout.guests());
        Durable.fsyncDirectory(Filesystems.directoryOf(directory));
        faults.at(Step.COMMITTED);
        return new Commit.Done();
    }
}
