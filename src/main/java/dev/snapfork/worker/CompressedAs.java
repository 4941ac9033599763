package dev.snapfork.worker;

import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
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

    static Format format(CompressionConfig wanted) {
        var codec =
                switch (wanted.effectiveAlgorithm()) {
                    case ZSTD -> Codec.ZSTD;
                    case LZ4 -> Codec.LZ4;
                };
        return new Format(codec, wanted.effectiveLevel());
    }

    static Encoding encoding(CompressionAlgorithm algorithm) {
        return switch (algorithm) {
            case ZSTD -> Encoding.ZSTD;
            case LZ4 -> Encoding.LZ4;
        };
    }

    static @Nullable CompressionAlgorithm algorithm(Encoding encoding) {
        return switch (encoding) {
            case RAW -> null;
            case ZSTD -> CompressionAlgorithm.ZSTD;
            case LZ4 -> CompressionAlgorithm.LZ4;
        };
    }
}
