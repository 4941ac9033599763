package dev.snapfork.file;

/**
 * A run of bytes of a file that the file system holds as data.
 *
 * @param offset first byte, 0 or more
 * @param length in bytes, 1 or more
 */
public record Extent(long offset, long length) {
    public Extent {
        if (offset < 0 || length < 1) {
            throw new IllegalArgumentException("no extent: offset " + offset + ", length " + length);
        }
    }

    /** The first offset after it. */
    public long end() {
        return offset + length;
    }
}
