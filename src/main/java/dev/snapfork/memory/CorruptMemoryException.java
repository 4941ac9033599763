package dev.snapfork.memory;

import java.io.IOException;

/** A compressed file is not what it should be: damaged, cut off, or not such a file. Trying again does not help. */
public final class CorruptMemoryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /** @param offset in the compressed file, in bytes: at or after the damage's frame's start */
    CorruptMemoryException(long offset, String problem) {
        super(problem + " at offset " + offset);
        this.offset = offset;
    }

    /** Where in the compressed file decoding stopped, in bytes. */
    public long offset() {
        return offset;
    }
}
