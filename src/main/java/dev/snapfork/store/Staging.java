package dev.snapfork.store;

import dev.snapfork.file.Rename;
import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Where an operation makes what it will publish: {@code staging/{operation}/{attempt}}. Each attempt has a directory of its
 * own name, and an earlier one's is moved away with one rename before it is unlinked. So a worker that lost its command
 * without knowing can neither write into its successor's attempt nor publish one that is being removed: its paths are gone.
 */
public final class Staging {
    private final Layout layout;
    private final Trash trash;

    Staging(Layout layout, Trash trash) {
        this.layout = layout;
        this.trash = trash;
    }

    /** A fresh empty directory for this attempt; what an earlier attempt left is removed. */
    public Path begin(OperationId operation) throws IOException {
        discard(operation);
        var attempt = layout.staging(operation).resolve(UUID.randomUUID().toString());
        return Files.createDirectories(attempt);
    }

    /**
     * The directory of the operation's last attempt with all that is in it, renamed as this attempt's; a fresh one if there is
     * none. Whoever made the last one and lives on may still write to files that it has open: locks must tell.
     */
    public Path resume(OperationId operation) throws IOException {
        var home = layout.staging(operation);
        if (Files.isDirectory(home)) {
            var attempts = Filesystems.entries(home, Files::isDirectory);
            if (attempts.size() == 1) {
                var attempt = home.resolve(UUID.randomUUID().toString());
                Rename.noReplace(attempts.getFirst(), attempt);
                return attempt;
            }
        }
        return begin(operation);
    }

    /** Removes what the operation has here; nothing there is no error. Crashed halfway, the rest lies in the trash. */
    public void discard(OperationId operation) throws IOException {
        // what was published is gone from here: an empty directory needs no trash, whose three syncs cost more than the
        // rest
        if (removeIfEmpty(layout.staging(operation))) {
            return;
        }
        var name = "attempt-" + UUID.randomUUID();
        if (Files.isDirectory(layout.staging(operation)) && trash.take(layout.staging(operation), operation, name)) {
            TreeRemoval.remove(trash.place(operation, name));
            var unused = removeIfEmpty(layout.trash(operation));
        }
    }

    /** Returns false if something is in there, such as what the operation deleted, which is not ours to remove. */
    private static boolean removeIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    /** What operations have here, for a sweeper, which must know which of them are at work. */
    public List<Leftover> entries() throws IOException {
        return OperationDirectories.list(layout.staging());
    }
}
