package dev.snapfork.worker;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.cache.MemoryKey;
import dev.snapfork.cache.Turn;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.file.ContentDigest;
import dev.snapfork.memory.CorruptMemoryException;
import dev.snapfork.memory.MemoryCodec;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
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
import dev.snapfork.store.StandbyState;
import dev.snapfork.store.TreeCopy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
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
    private final Room room;
    private final Faults faults;
    private final Permits permits;

    Materializer(
            PayloadStore store, MemoryCodec codec, MemoryCache cache, Room room, Faults faults, SnapforkConfig config) {
        this.store = store;
        this.codec = codec;
        this.cache = cache;
        this.room = room;
        this.faults = faults;
        this.permits = new Permits(config.worker().copyJobs());
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
     * @throws RefusedException if the snapshot was deleted meanwhile, or there is no room
     * @throws DamagedException if the snapshot is known to be damaged, or is found to be
     * @throws java.util.concurrent.CancellationException within a MiB of copying, or a frame of decoding, once the command is
     *     cancelled or the worker stops
     */
    Made materialize(SnapshotId id, TargetState target, Work work) throws IOException, InterruptedException {
        return using(id, target, work, (made, turn) -> made);
    }

    /** What is done with a directory that was made. */
    interface Use<T> {
        /**
         * @param turn keeps the decoded memory where it is until this returns; null if there was nothing to decode
         * @throws NoSuchFileException if the memory went away meanwhile: then all is made again, with what is there now
         */
        T of(Made made, @Nullable Turn turn) throws IOException, InterruptedException;
    }

    /** As {@link #materialize}, for use while the memory is sure to stay. */
    <T> T using(SnapshotId id, TargetState target, Work work, Use<T> use) throws IOException, InterruptedException {
        for (var attempt = 1; ; attempt++) {
            var manifest = present(id);
            // before the permit: those who wait for one decoding shall not keep forks of other snapshots waiting
            try (var turn = turn(manifest, target, work)) {
                return use.of(make(manifest, target, turn, work), turn);
            } catch (NoSuchFileException e) {
                // The memory file that this manifest names was replaced before it was opened: a newer one names
                // another.
                if (work.isLost()) {
                    throw e;
                }
                if (attempt == ATTEMPTS) {
                    requireMemory(manifest);
                    throw e;
                }
            } catch (DamagedException e) {
                // what is missing may have been deleted with all the rest while it was read
                if (store.snapshots().find(id) instanceof Found.Absent<SnapshotManifest>()) {
                    throw deleted(id);
                }
                throw e;
            } catch (IOException e) {
                if (attempt == ATTEMPTS || !Failures.isOutOfSpace(e) || cache.evictUnused() == 0) {
                    throw e;
                }
            }
        }
    }

    /** Null if there is nothing to decode. */
    private @Nullable Turn turn(SnapshotManifest manifest, TargetState target, Work work) throws InterruptedException {
        var memory = manifest.memory();
        if (target == TargetState.STOPPED || memory == null || memory.encoding() == Encoding.RAW) {
            return null;
        }
        var id = manifest.snapshot().id();
        return cache.turn(MemoryKey.of(id, memory.rawDigest()), id, work::ends);
    }

    private Made make(SnapshotManifest manifest, TargetState target, @Nullable Turn turn, Work work)
            throws IOException, InterruptedException {
        permits.acquire(work::ends);
        try {
            var directory = work.place().fresh("instance");
            faults.at(Step.STAGING_MADE);
            try (var _ = room.reserve(work, needed(manifest, target, turn))) {
                fill(manifest, directory, target, turn, work);
            }
            return new Made(directory, manifest);
        } finally {
            permits.release();
        }
    }

    /** What will be written, as far as it is known: of memory that another daemon compressed, it is what it is compressed. */
    private long needed(SnapshotManifest manifest, TargetState target, @Nullable Turn turn) throws IOException {
        var payload = store.snapshots().payload(manifest.snapshot().id());
        var copied = store.space().ofCopy(TreeCopy.dataBytes(payload, selection(manifest.memory(), target)));
        var memory = manifest.memory();
        return switch (turn) {
            case null -> copied;
            case Turn.Cached cached ->
                target == TargetState.RUNNING ? copied : copied + store.space().ofCopy(cached.bytes());
            case Turn.Decode decode -> {
                var known = memory == null ? null : memory.dataBytes();
                yield copied + (known != null ? known : memory == null ? 0 : bytes(manifest, memory));
            }
        };
    }

    private static long bytes(SnapshotManifest manifest, MemoryFile memory) {
        return manifest.file(memory.path()).map(PayloadFile::bytes).orElse(0L);
    }

    private SnapshotManifest present(SnapshotId id) throws IOException {
        return switch (store.snapshots().find(id)) {
            case Found.Present<SnapshotManifest>(var manifest) -> {
                requireNotKnownToBeDamaged(id);
                yield manifest;
            }
            case Found.Absent<SnapshotManifest>() -> throw deleted(id);
            case Found.Damaged<SnapshotManifest> damaged -> throw DamagedException.snapshot(damaged);
        };
    }

    private static RefusedException deleted(SnapshotId id) {
        return new RefusedException(Refusal.notFound("snapshot not found: " + id));
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
        var selection = selection(memory, target);
        var copied = TreeCopy.copy(payload, directory, selection, CopyProgress.UNHEARD, work::ends);
        if (memory != null
                && selection.includes(memory.path())
                && copied.stream().noneMatch(file -> file.path().equals(memory.path()))) {
            throw new NoSuchFileException(memory.path());
        }
        requireCopied(manifest, selection, copied);
        faults.at(Step.FILES_COPIED);
        if (memory != null && target != TargetState.STOPPED && memory.encoding() != Encoding.RAW) {
            // its directory is there: the copy has made all of the payload's
            var raw = target == TargetState.RUNNING ? live(directory) : directory.resolve(memory.rawPath());
            switch (turn) {
                case Turn.Cached cached -> {
                    if (target != TargetState.RUNNING) {
                        cached.copyTo(raw, work::ends);
                    }
                }
                case Turn.Decode decode -> {
                    decode(payload, memory, raw, manifest.snapshot().id(), work);
                    decode.decoded(raw);
                }
                case null -> throw new IllegalStateException("nobody said how to come by the memory");
            }
            faults.at(Step.MEMORY_DECODED);
        }
    }

    private static Path live(Path directory) throws IOException {
        var state = new StandbyState(directory);
        state.makeLive();
        return state.liveMemory();
    }

    /** A machine that is to run maps its memory from where it lies, and its state is read from there. */
    private static Selection selection(@Nullable MemoryFile memory, TargetState target) {
        if (target != TargetState.STANDBY) {
            return Selection.DISKS;
        }
        return memory == null
                ? Selection.ALL
                : withoutMemoryBut(memory.encoding() == Encoding.RAW ? Encoding.RAW : null, memory);
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

    private void decode(Path payload, MemoryFile memory, Path raw, SnapshotId id, Work work) throws IOException {
        try {
            var decoded = codec.decode(payload.resolve(memory.path()), raw, CodecJobs.of(work, work::ends));
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
