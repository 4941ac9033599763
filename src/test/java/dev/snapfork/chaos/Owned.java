package dev.snapfork.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot or an instance that was acknowledged, and what must be in it.
 *
 * @param memory SHA-256 of its memory when decoded; null if it has none
 * @param source the instance that a snapshot was taken of; null for instances
 */
record Owned(String id, @Nullable String memory, @Nullable String source) {}
