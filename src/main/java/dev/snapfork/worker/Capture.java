package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.SnapshotRules;
import dev.snapfork.store.Applied;
import dev.snapfork.store.CopyProgress;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Layout;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.MemoryFiles;
import dev.snapfork.store.Payload;
import dev.snapfork.store.PayloadFile;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.Selection;
import dev.snapfork.store.SnapshotManifest;
import dev.snapfork.store.TreeCopy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Copies an instance's directory into a staged snapshot and describes what it copied. */
@ApplicationScoped
class Capture {
    private final PayloadStore store;
    private final Patience patience;
    private final Permits permits;
    private final @Nullable CompressionConfig serverDefault;

    Capture(PayloadStore store, Patience patience, SnapforkConfig config) {
        this.store = store;
        this.patience = patience;
        this.permits = new Permits(config.worker().copyJobs());
        this.serverDefault = ServerDefaults.compression(config.compression());
    }

    /**
     * Fills {@code staged} and returns its manifest in version 1, with no event yet.
     *
     * @throws java.util.concurrent.CancellationException within a MiB of copying once the command is cancelled or the worker
     *     stops
     */
    SnapshotManifest capture(Command.CreateSnapshot c, InstanceManifest source, Path staged, Work work)
            throws IOException, InterruptedException {
        BooleanSupplier ends = () -> patience.stopping() || work.cancelled();
        List<PayloadFile> files;
        permits.acquire(ends);
        try {
            files = TreeCopy.copyDigested(
                    store.layout().guest(c.instance()),
                    Layout.payload(staged),
                    Selection.ALL,
                    CopyProgress.UNHEARD,
                    ends);
        } finally {
            permits.release();
        }
        var memory = c.snapshotKind() == SnapshotKind.STANDBY
                ? MemoryFiles.find(Layout.payload(staged)).map(found -> described(found, files))
                : Optional.<MemoryFile>empty();
        return SnapshotManifest.first(
                snapshot(c, source, files, memory, work),
                source.storedMetadata(),
                files,
                memory.orElse(null),
                Applied.NOTHING);
    }

    /** What is known of raw memory without reading it again: the file's size and digest are the memory's. */
    private static MemoryFile described(MemoryFile found, List<PayloadFile> files) {
        return found.encoding() != Encoding.RAW
                ? found
                : files.stream()
                        .filter(file -> file.path().equals(found.path()))
                        .findFirst()
                        .map(file -> new MemoryFile(found.path(), file.bytes(), file.digest()))
                        .orElse(found);
    }

    private Snapshot snapshot(
            Command.CreateSnapshot c,
            InstanceManifest source,
            List<PayloadFile> files,
            Optional<MemoryFile> memory,
            Work work) {
        var instance = source.instance();
        var wanted = memory.flatMap(found ->
                SnapshotRules.effectiveCompression(c.snapshotKind(), instance, c.compression(), serverDefault));
        var already = memory.map(MemoryFile::encoding).flatMap(Capture::algorithm);
        var state = wanted.isPresent()
                ? CompressionState.COMPRESSING
                : already.isPresent() ? CompressionState.COMPRESSED : CompressionState.NONE;
        return new Snapshot(
                c.snapshot(),
                c.name(),
                c.snapshotKind(),
                c.tags(),
                instance.id(),
                instance.name(),
                instance.hypervisor(),
                work.started(),
                Payload.bytes(files),
                state,
                null,
                wanted.or(() -> already.map(algorithm -> new CompressionConfig(true, algorithm, null)))
                        .orElse(null),
                already.flatMap(algorithm -> memory.flatMap(found -> size(found, files)))
                        .orElse(null),
                null,
                1);
    }

    private static Optional<Long> size(MemoryFile memory, List<PayloadFile> files) {
        return files.stream()
                .filter(file -> file.path().equals(memory.path()))
                .map(PayloadFile::bytes)
                .findFirst();
    }

    private static Optional<CompressionAlgorithm> algorithm(Encoding encoding) {
        return Optional.ofNullable(CompressedAs.algorithm(encoding));
    }
}
