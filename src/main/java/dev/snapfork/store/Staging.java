package dev.snapfork.store;

import dev.snapfork.operation.OperationId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.util.List;

/** Where operations make what they will publish: {@code staging/{operation}/{attempt}}, see {@link Attempt}. */
public final class Staging {
    private final Layout layout;

    Staging(Layout layout) {
        this.layout = layout;
    }

    /**
     * Makes a place for an attempt of the operation.
     *
     * @param name this attempt's alone, of letters, digits and {@code -}
     */
    public Attempt open(OperationId operation, String name) throws IOException {
        return Attempt.open(layout.staging(operation), name);
    }

    /** Removes what the operation has here, whoever still works there; nothing there is no error. */
    public void discard(OperationId operation) throws IOException {
        var home = layout.staging(operation);
        if (Files.isDirectory(home)) {
            for (var attempt : Filesystems.entries(home, entry -> true)) {
                Attempt.discard(attempt);
            }
            try {
                Files.deleteIfExists(home);
            } catch (DirectoryNotEmptyException e) {
                // an attempt that has just come; it will find that the command has settled, and remove this
            }
        }
    }

    /** What operations have here, for a sweeper, which must know which of them are at work. */
    public List<Leftover> entries() throws IOException {
        return OperationDirectories.list(layout.staging());
    }
}
