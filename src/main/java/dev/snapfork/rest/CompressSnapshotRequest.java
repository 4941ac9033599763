package dev.snapfork.rest;

import dev.snapfork.instance.CompressionAlgorithm;
import org.jspecify.annotations.Nullable;

/** The body that asks for compression; the level's range depends on the algorithm and is not checked here. */
record CompressSnapshotRequest(
        @Nullable CompressionAlgorithm algorithm, @Nullable Integer level) {}
