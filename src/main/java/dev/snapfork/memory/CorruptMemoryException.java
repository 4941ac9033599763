package dev.snapfork.memory;

import java.io.IOException;

/** A compressed file is not what it should be: damaged, cut off, or not such a file. Trying again does not help. */
public final class CorruptMemoryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /** The offset is in the compressed file, in bytes: where decoding cannot go on. */
    CorruptMemoryException(long offset, String problem) {
        super(problem + " at offset " + offset);
        this.offset = offset;
    }

    /** Where in the compressed file decoding stopped, in bytes. */
    public long offset() {
        return offset;
    }
}
