package dev.snapfork.worker;

import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.SnapshotManifest;
import org.jspecify.annotations.Nullable;

/** How a snapshot's memory is compressed, whatever is being made of it. */
final class CompressedAs {
    private CompressedAs() {}

    /** Null if it is not. The level is left out where only the file itself can tell. */
    static @Nullable CompressionConfig of(SnapshotManifest manifest) {
        var memory = manifest.memory();
        var algorithm = memory == null ? null : algorithm(memory.encoding());
        if (algorithm == null) {
            return null;
        }
        return manifest.snapshot().compressionState() == CompressionState.COMPRESSED
                ? manifest.snapshot().compression()
                : new CompressionConfig(true, algorithm, null);
    }

    static @Nullable CompressionAlgorithm algorithm(Encoding encoding) {
        return switch (encoding) {
            case RAW -> null;
            case ZSTD -> CompressionAlgorithm.ZSTD;
            case LZ4 -> CompressionAlgorithm.LZ4;
        };
    }
}
