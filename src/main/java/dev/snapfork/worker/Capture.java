package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.SparseFile;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Particulars;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Copies an instance's directory into a staged snapshot and describes what it copied. */
@ApplicationScoped
class Capture {
    private final PayloadStore store;
    private final Room room;
    private final Faults faults;
    private final Permits permits;
    private final LiveCapture live;
    private final @Nullable CompressionConfig serverDefault;

    Capture(PayloadStore store, LiveCapture live, Room room, Faults faults, SnapforkConfig config) {
        this.store = store;
        this.live = live;
        this.room = room;
        this.faults = faults;
        this.permits = new Permits(config.worker().copyJobs());
        this.serverDefault = ServerDefaults.compression(config.compression());
    }

    /**
     * What was captured.
     *
     * @param manifest in version 1, with no event yet
     */
    record Captured(SnapshotManifest manifest, Particulars particulars) {}

    /**
     * Fills {@code staged}.
     *
     * @throws java.util.concurrent.CancellationException within a MiB of copying once the command is cancelled or the worker
     *     stops
     */
    Captured capture(Command.CreateSnapshot c, InstanceManifest source, Path staged, Work work)
            throws IOException, InterruptedException {
        var particulars = Particulars.NONE;
        List<PayloadFile> files;
        if (source.instance().state() == InstanceState.RUNNING) {
            var payload = Files.createDirectory(Layout.payload(staged));
            particulars = Particulars.ofPause(running(source, payload, work).toMillis());
            files = Payload.digested(payload);
        } else {
            files = copy(store.layout().guest(c.instance()), Layout.payload(staged), work);
        }
        faults.at(Step.FILES_COPIED);
        var memory = c.snapshotKind() == SnapshotKind.STANDBY ? memory(Layout.payload(staged), files) : null;
        return new Captured(
                SnapshotManifest.first(
                        snapshot(c, source, files, memory, work),
                        source.storedMetadata(),
                        files,
                        memory,
                        Applied.NOTHING),
                particulars);
    }

    /** Digests are made afterwards: the machine does not stand still for them. */
    private Duration running(InstanceManifest source, Path payload, Work work)
            throws IOException, InterruptedException {
        permits.acquire(work::ends);
        try {
            return live.capture(source, payload, work);
        } finally {
            permits.release();
        }
    }

    private List<PayloadFile> copy(Path guest, Path payload, Work work) throws IOException, InterruptedException {
        permits.acquire(work::ends);
        try {
            var bytes = store.space().ofCopy(TreeCopy.dataBytes(guest, Selection.ALL));
            try (var _ = room.reserve(work, bytes)) {
                return TreeCopy.copyDigested(guest, payload, Selection.ALL, CopyProgress.UNHEARD, work::ends);
            }
        } finally {
            permits.release();
        }
    }

    /** What is known of raw memory without reading it again: the file's size and digest are the memory's. */
    private static @Nullable MemoryFile memory(Path payload, List<PayloadFile> files) throws IOException {
        var found = MemoryFiles.find(payload).orElse(null);
        if (found == null || found.encoding() != Encoding.RAW) {
            return found;
        }
        var occupied = SparseFile.allocatedBytes(payload.resolve(found.path()));
        return files.stream()
                .filter(file -> file.path().equals(found.path()))
                .findFirst()
                .map(file -> new MemoryFile(found.path(), file.bytes(), file.digest(), occupied))
                .orElse(found);
    }

    private Snapshot snapshot(
            Command.CreateSnapshot c,
            InstanceManifest source,
            List<PayloadFile> files,
            @Nullable MemoryFile found,
            Work work) {
        var instance = source.instance();
        var memory = Optional.ofNullable(found);
        var wanted = memory.flatMap(
                file -> SnapshotRules.effectiveCompression(c.snapshotKind(), instance, c.compression(), serverDefault));
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
                already.flatMap(algorithm -> memory.flatMap(file -> size(file, files)))
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
