package dev.snapfork.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.file.DiskTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is kept for nothing but to be removed: on a disk that is full to the last block even a delete needs one, for the
 * directory in the trash.
 */
public final class Reserve {
    private static final int BYTES = 1 << 20;

    private final Path file;

    Reserve(Path file) {
        this.file = file;
    }

    interface Change {
        void make() throws IOException;
    }

    /** Makes a change that frees space; once more without the reserve if there is no room for it. */
    void orSpend(Change change) throws IOException {
        try {
            change.make();
        } catch (IOException e) {
            if (DiskTrouble.of(e).filter(trouble -> trouble == DiskTrouble.FULL).isEmpty()
                    || !Files.deleteIfExists(file)) {
                throw e;
            }
            change.make();
        }
    }

    /** Makes the file again if it is not there and the disk has room; for a sweeper. */
    public void keep() throws IOException {
        if (!Files.exists(file, NOFOLLOW_LINKS)
                && Files.getFileStore(file.resolveSibling("")).getUsableSpace() > 2L * BYTES) {
            try {
                Files.write(file, new byte[BYTES], StandardOpenOption.CREATE_NEW);
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        }
    }
}
