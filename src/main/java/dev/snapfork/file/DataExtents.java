package dev.snapfork.file;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Walks the data extents of one file in ascending order, one at a time, so that a file with millions of them costs no
 * memory. Not for use by several threads. The view is not a snapshot: a file that changes meanwhile may show extents of
 * before or after the change.
 */
public final class DataExtents implements AutoCloseable {
    private final Descriptor file;
    private final long length;
    private long position;

    private DataExtents(Descriptor file, long length) {
        this.file = file;
        this.length = length;
    }

    /**
     * Opens a file; a symbolic link is not followed.
     *
     * @throws IOException if it is absent or cannot be read
     */
    public static DataExtents open(Path path) throws IOException {
        Descriptor file = Descriptor.read(path);
        try {
            return new DataExtents(file, file.length());
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The file's length in bytes when it was opened. */
    public long length() {
        return length;
    }

    /**
     * The next extent, never beyond {@link #length()}, or null after the last.
     *
     * @throws IOException if the file system cannot tell holes from data
     */
    public @Nullable Extent next() throws IOException {
        if (position >= length) {
            return null;
        }
        long from = file.dataFrom(position);
        if (from < 0 || from >= length) {
            position = length;
            return null;
        }
        long to = Math.min(file.holeFrom(from), length);
        position = to;
        return new Extent(from, to - from);
    }

    @Override
    public void close() {
        file.close();
    }
}
