package dev.snapfork.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the JDK leaves to be said twice about directories and filesystems. */
final class Filesystems {
    private Filesystems() {}

    /** Whether both lie on one filesystem, so that one can be renamed to where the other is. */
    static boolean same(Path one, Path other) throws IOException {
        return Files.getAttribute(one, "unix:dev").equals(Files.getAttribute(other, "unix:dev"));
    }

    /**
     * The entries of a directory, sorted.
     *
     * @throws IOException also if the directory cannot be read to its end
     */
    static List<Path> entries(Path directory, DirectoryStream.Filter<Path> wanted) throws IOException {
        var all = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(directory, wanted)) {
            stream.forEach(all::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        all.sort(null);
        return all;
    }

    /** The directory that the entry is in. */
    static Path directoryOf(Path entry) {
        var parent = entry.toAbsolutePath().getParent();
        return parent == null ? entry.toAbsolutePath() : parent;
    }
}
