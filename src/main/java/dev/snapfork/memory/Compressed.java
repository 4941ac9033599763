package dev.snapfork.memory;

import dev.snapfork.file.ContentDigest;

/**
 * What compressing made.
 *
 * @param uncompressedBytes length of the raw file, holes included
 * @param dataBytes what of it the file system held as data
 * @param compressedBytes length of the compressed file
 * @param rawDigest of the raw file
 */
public record Compressed(long uncompressedBytes, long dataBytes, long compressedBytes, ContentDigest rawDigest) {}
