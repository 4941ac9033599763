package dev.snapfork.worker;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.ContentDigest;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.memory.Compressed;
import dev.snapfork.memory.CorruptMemoryException;
import dev.snapfork.memory.Job;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.memory.Resume;
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
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes a snapshot's memory anew in another encoding, checked against the digest that it was captured with. */
@ApplicationScoped
class MemoryCompressor {
    private static final Logger LOG = Logger.getLogger(MemoryCompressor.class);

    private final PayloadStore store;
    private final MemoryCodec codec;
    private final Room room;
    private final CompressionMeters meters;
    private final Faults faults;

    MemoryCompressor(PayloadStore store, MemoryCodec codec, Room room, CompressionMeters meters, Faults faults) {
        this.store = store;
        this.codec = codec;
        this.room = room;
        this.meters = meters;
        this.faults = faults;
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
     * @throws java.util.concurrent.CancellationException if the snapshot was deleted, the command was cancelled or the worker
     *     stops; in the last case there is what the next attempt goes on from
     * @throws DamagedException if the memory is not what was captured
     * @throws IOException if that failed
     */
    Written compress(SnapshotManifest manifest, CompressionConfig wanted, Work work) throws IOException {
        var memory = manifest.memory();
        if (memory == null) {
            throw new IllegalArgumentException("no memory to compress");
        }
        var target = memory.as(CompressedAs.encoding(wanted.effectiveAlgorithm()));
        var source = store.snapshots().payload(manifest.snapshot().id()).resolve(memory.path());
        var job = CodecJobs.of(work, () -> work.ends() || !Files.exists(source) || work.isLost());
        try {
            var made = memory.encoding() == Encoding.RAW
                    ? resumed(source, memory.rawDigest(), wanted, job, work)
                    : anew(source, memory, wanted, job, work);
            requireCaptured(manifest.snapshot().id(), memory, made.result().rawDigest());
            meters.made(wanted, made.result());
            faults.at(Step.MEMORY_COMPRESSED);
            return new Written(
                    made.path(),
                    wanted,
                    new MemoryFile(
                            target.path(),
                            made.result().uncompressedBytes(),
                            made.result().rawDigest(),
                            made.result().dataBytes()),
                    new PayloadFile(
                            target.path(),
                            made.result().compressedBytes(),
                            made.result().compressedDigest()));
        } catch (IOException | RuntimeException e) {
            if (!work.ends() && !work.isLost()) {
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

    private Made resumed(Path raw, @Nullable ContentDigest captured, CompressionConfig wanted, Job job, Work work)
            throws IOException {
        var operation = work.operation();
        var directory = work.place().directory();
        faults.at(Step.STAGING_MADE);
        var resume = new Resume(
                directory.resolve("journal"),
                work::stopping,
                (done, total) -> LOG.infof("resumed: operation=%s at=%d of=%d bytes", operation, done, total));
        var path = directory.resolve("memory");
        var result = codec.compress(raw, path, CompressedAs.format(wanted), job.withResume(resume));
        if (result.resumedBytes() > 0 && captured != null && !captured.equals(result.rawDigest())) {
            LOG.warnf("started over, since what was resumed is not what was captured: operation=%s", operation);
            work.place().clear();
            result = codec.compress(raw, path, CompressedAs.format(wanted), job);
        }
        return new Made(path, result);
    }

    /** Only the compressing is told as progress: one count cannot go through the memory twice. */
    private Made anew(Path compressed, MemoryFile memory, CompressionConfig wanted, Job job, Work work)
            throws IOException {
        work.place().clear();
        faults.at(Step.STAGING_MADE);
        var raw = work.place().directory().resolve("raw");
        var needed = memory.dataBytes() == null ? Files.size(compressed) : memory.dataBytes();
        try (var _ = room.reserve(work, needed)) {
            codec.decode(compressed, raw, job.inBackground().withProgress((done, total) -> {}));
        }
        faults.at(Step.MEMORY_DECODED);
        var path = work.place().directory().resolve("memory");
        var result = codec.compress(raw, path, CompressedAs.format(wanted), job);
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
}
