package dev.snapfork.file;

import org.jspecify.annotations.Nullable;

/**
 * What came of a copy.
 *
 * @param digest of its content if that was wished for, else null
 */
public record Copied(CopyMethod method, @Nullable ContentDigest digest) {}
