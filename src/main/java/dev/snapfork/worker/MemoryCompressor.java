package dev.snapfork.worker;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Compressed;
import dev.snapfork.memory.CorruptMemoryException;
import dev.snapfork.memory.Format;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.memory.Resume;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Found;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.PayloadFile;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes a snapshot's memory anew in another encoding, checked against the digest that it was captured with. */
@ApplicationScoped
class MemoryCompressor {
    private static final Logger LOG = Logger.getLogger(MemoryCompressor.class);

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
     * Compresses the memory that the manifest names. Raw memory whose compression a crash or a stop of the worker broke off is
     * compressed from there on.
     *
     * @throws java.util.concurrent.CancellationException if the snapshot was deleted or the worker stops; nothing is left in
     *     the former case, and in the latter what the next attempt goes on from
     * @throws DamagedException if the memory is not what was captured; nothing is left
     * @throws IOException if that failed; nothing is left
     */
    Written compress(SnapshotManifest manifest, CompressionConfig wanted, Work work) throws IOException {
        var memory = manifest.memory();
        if (memory == null) {
            throw new IllegalArgumentException("no memory to compress");
        }
        var target = memory.as(encoding(wanted.effectiveAlgorithm()));
        var source = store.snapshots().payload(manifest.snapshot().id()).resolve(memory.path());
        BooleanSupplier cancelled = () -> patience.stopping() || !Files.exists(source);
        try {
            var made = memory.encoding() == Encoding.RAW
                    ? resumed(source, memory.rawDigest(), wanted, CodecJobs.of(work, cancelled), work.operation())
                    : anew(source, wanted, CodecJobs.of(work, cancelled), work.operation());
            requireCaptured(manifest.snapshot().id(), memory, made.result().rawDigest());
            return new Written(
                    made.path(),
                    wanted,
                    new MemoryFile(
                            target.path(),
                            made.result().uncompressedBytes(),
                            made.result().rawDigest()),
                    new PayloadFile(
                            target.path(),
                            made.result().compressedBytes(),
                            made.result().compressedDigest()));
        } catch (IOException | RuntimeException e) {
            if (!patience.stopping() || memory.encoding() != Encoding.RAW) {
                store.staging().discard(work.operation());
            }
            if (!patience.stopping()) {
                requireMemory(manifest, memory, source);
            }
            if (e instanceof CorruptMemoryException) {
                throw DamagedException.found(
                        manifest.snapshot().id(), memory.path() + " cannot be decoded: " + e.getMessage());
            }
            throw e;
        }
    }

    private record Made(Path path, Compressed result) {}

    private Made resumed(
            Path raw, @Nullable ContentDigest captured, CompressionConfig wanted, Job job, OperationId operation)
            throws IOException {
        var directory = store.staging().resume(operation);
        var resume = new Resume(
                directory.resolve("journal"),
                patience::stopping,
                (done, total) -> LOG.infof("resumed: operation=%s at=%d of=%d bytes", operation, done, total));
        var path = directory.resolve("memory");
        var result = codec.compress(raw, path, format(wanted), job.withResume(resume));
        if (result.resumedBytes() > 0 && captured != null && !captured.equals(result.rawDigest())) {
            LOG.warnf("started over, since what was resumed is not what was captured: operation=%s", operation);
            path = store.staging().begin(operation).resolve("memory");
            result = codec.compress(raw, path, format(wanted), job);
        }
        return new Made(path, result);
    }

    /** Only the compressing is told as progress: one count cannot go through the memory twice. */
    private Made anew(Path compressed, CompressionConfig wanted, Job job, OperationId operation) throws IOException {
        var directory = store.staging().begin(operation);
        var raw = directory.resolve("raw");
        codec.decode(compressed, raw, job.inBackground().withProgress((done, total) -> {}));
        var path = directory.resolve("memory");
        var result = codec.compress(raw, path, format(wanted), job);
        Files.delete(raw);
        return new Made(path, result);
    }

    private static void requireCaptured(SnapshotId id, MemoryFile memory, ContentDigest found) throws IOException {
        if (memory.rawDigest() != null && !memory.rawDigest().equals(found)) {
            throw DamagedException.found(
                    id, memory.path() + " does not hold what was captured: its digest is different");
        }
    }

    /** If the memory is gone and the snapshot is not, nobody deleted it. */
    private void requireMemory(SnapshotManifest manifest, MemoryFile memory, Path source) throws IOException {
        var id = manifest.snapshot().id();
        if (!Files.exists(source)
                && store.snapshots().find(id) instanceof Found.Present<SnapshotManifest>(var now)
                && memory.equals(now.memory())) {
            throw DamagedException.found(id, memory.path() + " is missing");
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
