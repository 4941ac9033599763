package dev.snapfork.memory;

/** Hears how far a job is. Called once a frame or so, from several threads but one at a time: be quick. */
@FunctionalInterface
public interface Progress {
    /**
     * Takes note of how far the job is.
     *
     * @param done bytes, never less than in the call before, at most {@code total}
     * @param total when compressing, the bytes that the raw file holds as data (holes do not count); when decoding, the
     *     bytes of the compressed file
     */
    void update(long done, long total);
}
