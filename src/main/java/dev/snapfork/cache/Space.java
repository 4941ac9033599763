package dev.snapfork.cache;

import dev.snapfork.file.SparseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where entries lie and how much there may be of them. */
class Space {
    /** The cache occupies at most one part in so many of what would be free without it. */
    private static final int SHARE = 4;

    private final Path directory;
    private final long maxBytes;
    private final boolean reflinks;

    Space(Path directory, long maxBytes, boolean reflinks) {
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.reflinks = reflinks;
    }

    boolean isOff() {
        return maxBytes == 0;
    }

    /** Whether a copy costs next to nothing, since the filesystem shares blocks. */
    boolean copiesAreFree() {
        return reflinks;
    }

    /** What all entries together may occupy, given what they occupy now. */
    long limit(long occupied) throws IOException {
        return Math.min(maxBytes, (usable() + occupied) / SHARE);
    }

    long usable() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    long allocated(Path file) throws IOException {
        return SparseFile.allocatedBytes(file);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Copies a file in. It has its name only once it is whole. After a failure nothing is left. */
    void copy(Path memory, Path file) throws IOException {
        var filling = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            SparseFile.copy(memory, filling);
            Files.move(filling, file);
        } finally {
            Files.deleteIfExists(filling);
        }
    }
}
