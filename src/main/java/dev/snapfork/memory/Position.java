package dev.snapfork.memory;

/**
 * How far a compressed file is.
 *
 * @param frames that it holds, all from the first one on
 * @param end the offset after the last of them
 */
record Position(int frames, long end) {
    /** A file that holds its head alone. */
    static final Position START = new Position(0, FrameTable.HEAD_BYTES);
}
