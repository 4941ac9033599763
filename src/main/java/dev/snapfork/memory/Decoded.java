package dev.snapfork.memory;

import dev.snapfork.file.ContentDigest;

/**
 * What decoding made.
 *
 * @param uncompressedBytes length of the decoded file, holes included
 * @param dataBytes what of it was written; the rest is holes
 * @param rawDigest of the decoded file
 */
public record Decoded(long uncompressedBytes, long dataBytes, ContentDigest rawDigest) {}
