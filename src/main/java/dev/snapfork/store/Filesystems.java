package dev.snapfork.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a rename needs to know of filesystems. */
final class Filesystems {
    private Filesystems() {}

    /** Whether both lie on one filesystem, so that one can be renamed to where the other is. */
    static boolean same(Path one, Path other) throws IOException {
        return Files.getAttribute(one, "unix:dev").equals(Files.getAttribute(other, "unix:dev"));
    }

    /** The directory that the entry is in. */
    static Path directoryOf(Path entry) {
        var parent = entry.toAbsolutePath().getParent();
        return parent == null ? entry.toAbsolutePath() : parent;
    }
}
