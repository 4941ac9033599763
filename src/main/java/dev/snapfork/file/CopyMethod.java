package dev.snapfork.file;

/** How a file was copied. */
public enum CopyMethod {
    /** The copy shares the source's blocks until one of them is written. */
    REFLINK,
    /** The source's data was copied; its holes are holes in the copy. */
    EXTENTS
}
