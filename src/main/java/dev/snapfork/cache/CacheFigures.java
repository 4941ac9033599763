package dev.snapfork.cache;

/**
 * How a cache has done since it was opened.
 *
 * @param bytes allocated to entries now, as {@code du} counts them: blocks shared by reflink count in full
 * @param failures entries that could not be written
 */
public record CacheFigures(long hits, long misses, long evictions, long failures, long bytes, int entries) {}
