package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.file.Durable;
import dev.snapfork.file.Rename;
import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where directories go to be unlinked at leisure: {@code trash/{operation}/{name}}. Getting there is one rename, so nothing is
 * ever half removed where it is looked for.
 */
public final class Trash {
    private final Layout layout;

    Trash(Layout layout) {
        this.layout = layout;
    }

    /** Where the directory is, or would be, that this operation threw away. */
    Path place(OperationId operation, String name) {
        return layout.trash(operation).resolve(name);
    }

    boolean holds(OperationId operation, String name) {
        return Files.exists(place(operation, name), NOFOLLOW_LINKS);
    }

    /**
     * Moves the directory here, on stable storage.
     *
     * @return false if there was nothing to move
     */
    boolean take(Path directory, OperationId operation, String name) throws IOException {
        var place = place(operation, name);
        Files.createDirectories(layout.trash(operation));
        Durable.fsyncDirectory(layout.trash());
        try {
            Rename.noReplace(directory, place);
        } catch (IOException e) {
            if (Files.exists(directory, NOFOLLOW_LINKS)) {
                throw e;
            }
            return false;
        }
        Durable.fsyncDirectory(layout.trash(operation));
        Durable.fsyncDirectory(Filesystems.directoryOf(directory));
        return true;
    }

    /** Unlinks all that the operation threw away. A crash leaves a part of it, which the next call or sweep removes. */
    public void empty(OperationId operation) throws IOException {
        TreeRemoval.remove(layout.trash(operation));
    }

    /**
     * What operations have thrown away, for a sweeper. What a delete threw away must stay for as long as that command may be
     * redelivered, since its event is made from it.
     */
    public List<Leftover> entries() throws IOException {
        return OperationDirectories.list(layout.trash());
    }
}
