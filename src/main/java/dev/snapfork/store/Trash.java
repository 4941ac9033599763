package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
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
    private final Reserve reserve;
    private final Faults faults;

    Trash(Layout layout, Faults faults) {
        this.layout = layout;
        this.reserve = new Reserve(layout.locks().resolve("reserve"));
        this.faults = faults;
    }

    /** What is kept so that there is room for a delete. */
    public Reserve reserve() {
        return reserve;
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
        reserve.orSpend(() -> Files.createDirectories(layout.trash(operation)));
        Durable.fsyncDirectory(layout.trash());
        try {
            reserve.orSpend(() -> Rename.noReplace(directory, place(operation, name)));
        } catch (IOException e) {
            if (Files.exists(directory, NOFOLLOW_LINKS)) {
                throw e;
            }
            return false;
        }
        faults.at(Step.TRASHED);
        confirm(directory, operation);
        return true;
    }

    /** Makes it stable that the directory is here and no longer where it was, in case an earlier attempt did not come so far. */
    void confirm(Path directory, OperationId operation) throws IOException {
        Durable.fsyncDirectory(layout.trash());
        Durable.fsyncDirectory(layout.trash(operation));
        Durable.fsyncDirectory(Filesystems.directoryOf(directory));
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
