package dev.snapfork.store;

import dev.snapfork.file.ContentDigest;
import org.jspecify.annotations.Nullable;

/**
 * A regular file of a payload.
 *
 * @param path relative to the payload's directory, elements separated by {@code /}
 * @param bytes apparent size, holes counted
 * @param digest of the content; null where it has not been read since it was adopted
 */
public record PayloadFile(String path, long bytes, @Nullable ContentDigest digest) {
    public PayloadFile {
        RelativePath.require(path);
        if (bytes < 0) {
            throw new IllegalArgumentException("a file's size is not negative, got " + bytes);
        }
    }
}
