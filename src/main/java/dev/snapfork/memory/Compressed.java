package dev.snapfork.memory;

import dev.snapfork.file.ContentDigest;

/**
 * What compressing made.
 *
 * @param uncompressedBytes length of the raw file, holes included
 * @param dataBytes what of it the file system held as data
 * @param compressedBytes length of the compressed file
 * @param rawDigest of the raw file
 * @param compressedDigest of the compressed file, of what was written, before any disk had it
 * @param resumedBytes what of the data an earlier run had compressed already; 0 if this one began at the beginning
 */
public record Compressed(
        long uncompressedBytes,
        long dataBytes,
        long compressedBytes,
        ContentDigest rawDigest,
        ContentDigest compressedDigest,
        long resumedBytes) {}
