package dev.snapfork.worker;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.file.TreeDigest;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Format;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.PayloadFile;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes a snapshot's memory anew in another encoding, checked against the digest that it was captured with. */
@ApplicationScoped
class MemoryCompressor {
    private final PayloadStore store;
    private final MemoryCodec codec;
    private final Patience patience;

    MemoryCompressor(PayloadStore store, MemoryCodec codec, Patience patience) {
        this.store = store;
        this.codec = codec;
        this.patience = patience;
    }

    /**
     * A complete and verified file that no manifest names yet.
     *
     * @param path where it lies now
     * @param file what it will be in the payload
     */
    record Written(Path path, CompressionConfig compression, MemoryFile memory, PayloadFile file) {}

    /**
     * Compresses the memory that the manifest names.
     *
     * @throws java.util.concurrent.CancellationException if the snapshot was deleted or the worker stops; nothing is left
     * @throws IOException if that failed or the memory is not what was captured; nothing is left
     */
    Written compress(SnapshotManifest manifest, CompressionConfig wanted, Work work) throws IOException {
        var memory = manifest.memory();
        if (memory == null) {
            throw new IllegalArgumentException("no memory to compress");
        }
        var id = manifest.snapshot().id();
        var place = store.snapshots().payload(id);
        var target = memory.as(encoding(wanted.effectiveAlgorithm()));
        var path = store.memory().stagingFile(id, target, work.operation());
        Files.deleteIfExists(path);
        var job = CodecJobs.of(work, () -> patience.stopping() || !Files.exists(place.resolve(memory.path())));
        var scratch = memory.encoding() == Encoding.RAW ? null : store.staging().begin(work.operation());
        try {
            var raw = place.resolve(memory.path());
            if (scratch != null) {
                raw = scratch.resolve("memory");
                codec.decode(place.resolve(memory.path()), raw, job);
            }
            var compressed = codec.compress(raw, path, format(wanted), job);
            requireCaptured(memory.rawDigest(), compressed.rawDigest());
            return new Written(
                    path,
                    wanted,
                    new MemoryFile(target.path(), compressed.uncompressedBytes(), compressed.rawDigest()),
                    new PayloadFile(target.path(), compressed.compressedBytes(), TreeDigest.of(path)));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        } finally {
            if (scratch != null) {
                store.staging().discard(work.operation());
            }
        }
    }

    private static void requireCaptured(@Nullable ContentDigest captured, ContentDigest found) throws IOException {
        if (captured != null && !captured.equals(found)) {
            throw new IOException("the memory on disk is not what was captured: its digest is different");
        }
    }

    private static Format format(CompressionConfig wanted) {
        var codec =
                switch (wanted.effectiveAlgorithm()) {
                    case ZSTD -> Codec.ZSTD;
                    case LZ4 -> Codec.LZ4;
                };
        return new Format(codec, wanted.effectiveLevel());
    }

    private static Encoding encoding(CompressionAlgorithm algorithm) {
        return switch (algorithm) {
            case ZSTD -> Encoding.ZSTD;
            case LZ4 -> Encoding.LZ4;
        };
    }
}
