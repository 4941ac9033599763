package dev.snapfork.worker;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.cache.MemoryKey;
import dev.snapfork.cache.Turn;
import dev.snapfork.file.ContentDigest;
import dev.snapfork.memory.CorruptMemoryException;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.CopyProgress;
import dev.snapfork.store.Found;
import dev.snapfork.store.MemoryFile;
import dev.snapfork.store.MemoryFile.Encoding;
import dev.snapfork.store.PayloadFile;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.Selection;
import dev.snapfork.store.SnapshotManifest;
import dev.snapfork.store.TreeCopy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes an instance directory from a snapshot: disks copied, memory copied or decoded straight into its place. Many forks of
 * one compressed snapshot share one decoding through the cache.
 */
@ApplicationScoped
class Materializer {
    /** How often the snapshot may be compressed anew while it is being read, before that is an error. */
    private static final int ATTEMPTS = 8;

    private final PayloadStore store;
    private final MemoryCodec codec;
    private final MemoryCache cache;
    private final Patience patience;
    private final Semaphore permits;

    Materializer(PayloadStore store, MemoryCodec codec, MemoryCache cache, Patience patience, SnapforkConfig config) {
        this.store = store;
        this.codec = codec;
        this.cache = cache;
        this.patience = patience;
        this.permits = new Semaphore(config.worker().copyJobs(), true);
    }

    /**
     * A directory in the operation's staging, with all but its metadata.
     *
     * @param source the manifest that the payload was read by
     */
    record Made(Path directory, SnapshotManifest source) {}

    /**
     * Makes what a machine in the target state needs.
     *
     * @throws SnapshotGoneException if the snapshot was deleted meanwhile
     * @throws DamagedException if the snapshot is known to be damaged, or is found to be
     */
    Made materialize(SnapshotId id, TargetState target, Work work)
            throws IOException, InterruptedException, SnapshotGoneException {
        for (var attempt = 1; ; attempt++) {
            var manifest = present(id);
            // before the permit: those who wait for one decoding shall not keep forks of other snapshots waiting
            try (var turn = turn(manifest, target)) {
                return make(manifest, target, turn, work);
            } catch (NoSuchFileException e) {
                // The memory file that this manifest names was replaced before it was opened: a newer one names
                // another.
                if (attempt == ATTEMPTS) {
                    requireMemory(manifest);
                    throw e;
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS || !Failures.isOutOfSpace(e) || cache.evictUnused() == 0) {
                    throw e;
                }
            }
        }
    }

    /** Null if there is nothing to decode. */
    private @Nullable Turn turn(SnapshotManifest manifest, TargetState target) throws InterruptedException {
        var memory = manifest.memory();
        if (target == TargetState.STOPPED || memory == null || memory.encoding() == Encoding.RAW) {
            return null;
        }
        var id = manifest.snapshot().id();
        return cache.turn(MemoryKey.of(id, memory.rawDigest()), id, patience::stopping);
    }

    private Made make(SnapshotManifest manifest, TargetState target, @Nullable Turn turn, Work work)
            throws IOException, InterruptedException {
        permits.acquire();
        try {
            var directory = store.staging().begin(work.operation());
            fill(manifest, directory, target, turn, work);
            return new Made(directory, manifest);
        } finally {
            permits.release();
        }
    }

    private SnapshotManifest present(SnapshotId id) throws IOException, SnapshotGoneException {
        return switch (store.snapshots().find(id)) {
            case Found.Present<SnapshotManifest>(var manifest) -> {
                requireNotKnownToBeDamaged(id);
                yield manifest;
            }
            case Found.Absent<SnapshotManifest>() -> throw new SnapshotGoneException();
            case Found.Damaged<SnapshotManifest> damaged -> throw DamagedException.snapshot(damaged);
        };
    }

    private void requireNotKnownToBeDamaged(SnapshotId id) throws IOException {
        var finding = store.health().find(id.value()).entry();
        if (finding.isPresent() && finding.get().health().isDamaged()) {
            throw DamagedException.known(finding.get().health());
        }
    }

    /** The manifest names its memory file at every instant, so one that stays away is not on its way anywhere. */
    private void requireMemory(SnapshotManifest manifest) throws IOException {
        var id = manifest.snapshot().id();
        var memory = manifest.memory();
        if (memory != null
                && !Files.exists(store.snapshots().payload(id).resolve(memory.path()), NOFOLLOW_LINKS)
                && store.snapshots().find(id) instanceof Found.Present<SnapshotManifest>(var now)
                && memory.equals(now.memory())) {
            throw DamagedException.found(id, memory.path() + " is missing");
        }
    }

    /** Files that are cut off or gone are noticed without reading any; the rest is for whoever reads them. */
    private static void requireCopied(SnapshotManifest manifest, Selection selection, List<PayloadFile> copied)
            throws IOException {
        var sizes = copied.stream().collect(Collectors.toMap(PayloadFile::path, PayloadFile::bytes));
        for (var file : manifest.files()) {
            var size = sizes.get(file.path());
            if (TreeCopy.includes(file.path(), selection) && (size == null || size != file.bytes())) {
                throw DamagedException.found(
                        manifest.snapshot().id(),
                        size == null
                                ? file.path() + " is missing"
                                : file.path() + " has " + size + " bytes instead of " + file.bytes());
            }
        }
    }

    private void fill(SnapshotManifest manifest, Path directory, TargetState target, @Nullable Turn turn, Work work)
            throws IOException {
        var payload = store.snapshots().payload(manifest.snapshot().id());
        var memory = manifest.memory();
        if (target == TargetState.STOPPED) {
            copy(manifest, directory, Selection.DISKS);
        } else if (memory == null) {
            copy(manifest, directory, Selection.ALL);
        } else if (memory.encoding() == Encoding.RAW) {
            copy(manifest, directory, withoutMemoryBut(Encoding.RAW, memory));
        } else {
            copy(manifest, directory, withoutMemoryBut(null, memory));
            var raw = directory.resolve(memory.rawPath());
            Files.createDirectories(raw.getParent());
            switch (turn) {
                case Turn.Cached cached -> cached.copyTo(raw);
                case Turn.Decode decode -> {
                    decode(payload, memory, raw, manifest.snapshot().id(), work);
                    decode.decoded(raw);
                }
                case null -> throw new IllegalStateException("nobody said how to come by the memory");
            }
        }
    }

    /** Files that the manifest does not name are another command's, in the making or about to be unlinked. */
    private static Selection withoutMemoryBut(@Nullable Encoding wanted, MemoryFile memory) {
        var selection = Selection.ALL;
        for (var encoding : Encoding.values()) {
            if (encoding != wanted) {
                selection = selection.and(Selection.without(memory.as(encoding).path()));
            }
        }
        return selection;
    }

    private void copy(SnapshotManifest manifest, Path directory, Selection selection) throws IOException {
        var payload = store.snapshots().payload(manifest.snapshot().id());
        var copied = TreeCopy.copy(payload, directory, selection, CopyProgress.UNHEARD, patience::stopping);
        var memory = manifest.memory();
        if (memory != null
                && selection.includes(memory.path())
                && copied.stream().noneMatch(file -> file.path().equals(memory.path()))) {
            throw new NoSuchFileException(memory.path());
        }
        requireCopied(manifest, selection, copied);
    }

    private void decode(Path payload, MemoryFile memory, Path raw, SnapshotId id, Work work) throws IOException {
        try {
            var decoded = codec.decode(payload.resolve(memory.path()), raw, CodecJobs.of(work, patience::stopping));
            requireSame(memory, decoded.rawDigest(), id);
        } catch (CorruptMemoryException e) {
            throw DamagedException.found(id, memory.path() + " cannot be decoded: " + e.getMessage());
        }
    }

    private static void requireSame(MemoryFile memory, ContentDigest decoded, SnapshotId id) throws IOException {
        if (memory.rawDigest() != null && !memory.rawDigest().equals(decoded)) {
            throw DamagedException.found(
                    id, memory.path() + " does not decode to what was captured: its digest is different");
        }
    }
}
