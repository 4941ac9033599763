package dev.snapfork.worker;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.memory.Codec;
import dev.snapfork.memory.Compressed;
import dev.snapfork.memory.Format;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.memory.Resume;
import dev.snapfork.operation.OperationId;
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
     * @throws java.util.concurrent.CancellationException if the snapshot was deleted, the command was cancelled or the
     *     worker stops; what the next attempt goes on from is left in the last case, and nothing in the others
     * @throws IOException if that failed or the memory is not what was captured; nothing is left
     */
    Written compress(SnapshotManifest manifest, CompressionConfig wanted, Work work) throws IOException {
        var memory = manifest.memory();
        if (memory == null) {
            throw new IllegalArgumentException("no memory to compress");
        }
        var target = memory.as(encoding(wanted.effectiveAlgorithm()));
        var source = store.snapshots().payload(manifest.snapshot().id()).resolve(memory.path());
        BooleanSupplier cancelled = () -> patience.stopping() || work.cancelled() || !Files.exists(source);
        try {
            var made = memory.encoding() == Encoding.RAW
                    ? resumed(source, memory.rawDigest(), wanted, CodecJobs.of(work, cancelled), work.operation())
                    : anew(source, wanted, CodecJobs.of(work, cancelled), work.operation());
            requireCaptured(memory.rawDigest(), made.result().rawDigest());
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
