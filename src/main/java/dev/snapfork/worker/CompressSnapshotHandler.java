package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotRules;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Compresses a snapshot's memory beside what there is, swaps the manifest, then unlinks the old file. Forks and restores go on
 * all the while; deleting the snapshot, or cancelling the command, ends the work at its next chunk.
 */
@ApplicationScoped
class CompressSnapshotHandler implements Handler<Command.CompressSnapshot> {
    private final PayloadStore store;
    private final MemoryCompressor compressor;
    private final Announcer announcer;
    private final Faults faults;

    CompressSnapshotHandler(PayloadStore store, MemoryCompressor compressor, Announcer announcer, Faults faults) {
        this.store = store;
        this.compressor = compressor;
        this.announcer = announcer;
        this.faults = faults;
    }

    @Override
    public Outcome handle(Command.CompressSnapshot c, Work work) throws IOException, InterruptedException {
        return switch (store.snapshots().find(c.snapshot())) {
            case Found.Absent<SnapshotManifest>() ->
                new Outcome.Rejected(Refusal.notFound("snapshot not found: " + c.snapshot()));
            case Found.Damaged<SnapshotManifest> damaged -> throw DamagedException.snapshot(damaged);
            case Found.Present<SnapshotManifest>(var manifest) -> compress(c, manifest, work);
        };
    }

    private Outcome compress(Command.CompressSnapshot c, SnapshotManifest manifest, Work work) throws IOException {
        if (manifest.applied().settled(work.operation())) {
            return settledBefore(manifest, work);
        }
        announcer.announce(manifest);
        var refusal = SnapshotRules.compress(manifest.snapshot());
        if (refusal.isPresent()) {
            return new Outcome.Rejected(refusal.get());
        }
        if (manifest.memory() == null) {
            return new Outcome.Rejected(new Refusal(
                    RefusalCode.INVALID_SNAPSHOT_COMPRESSION,
                    "snapshot " + c.snapshot() + " has no memory file to compress"));
        }
        if (isAsWanted(manifest.snapshot(), c.compression())) {
            return Outcome.of(manifest.snapshot());
        }
        return begin(c, manifest, work);
    }

    private static boolean isAsWanted(Snapshot snapshot, CompressionConfig wanted) {
        return snapshot.compressionState() == CompressionState.COMPRESSED && wanted.equals(snapshot.compression());
    }

    /** How this very command ended when it came before. */
    private Outcome settledBefore(SnapshotManifest manifest, Work work) throws IOException {
        store.snapshots().confirm(manifest);
        // The crash may have come between the swap and the unlinking of what it replaced.
        store.memory().removeUnnamed(manifest);
        announcer.announce(manifest);
        return asSettled(manifest, work);
    }

    private static Outcome asSettled(SnapshotManifest manifest, Work work) {
        if (isLast(manifest, EventType.COMPRESSION_CANCELLED, work)) {
            return Outcome.Cancelled.ON_REQUEST;
        }
        var snapshot = manifest.snapshot();
        return snapshot.compressionState() == CompressionState.ERROR
                ? Failures.because(String.valueOf(snapshot.compressionError()))
                : Outcome.of(snapshot);
    }

    private Outcome begin(Command.CompressSnapshot c, SnapshotManifest manifest, Work work) throws IOException {
        var begun = manifest;
        if (!isLast(manifest, EventType.COMPRESSION_STARTED, work)) {
            begun = manifest.with(
                    manifest.snapshot().compressing(c.compression()),
                    manifest.applied().saying(event(EventType.COMPRESSION_STARTED, work)));
            if (!(store.snapshots().replaceManifest(manifest.version(), begun, work.place()) instanceof Commit.Done)) {
                return changed(c.snapshot());
            }
            faults.at(Step.COMPRESSION_BEGUN);
            announcer.announce(begun);
        }
        try {
            return finish(begun, compressor.compress(begun, c.compression(), work), work);
        } catch (CancellationException e) {
            work.requireOurs();
            return work.cancelled()
                    ? giveUp(c, Outcome.Cancelled.ON_REQUEST, CompressedAs.of(manifest), work)
                    : changed(c.snapshot());
        } catch (DamagedException e) {
            giveUp(c, Failures.because(e.problem()), work);
            throw e;
        } catch (RefusedException e) {
            // The snapshot says why it was not compressed; a command that has begun is not refused any more.
            return giveUp(c, new Outcome.Failed(e.refusal().code(), e.refusal().message()), work);
        }
    }

    private static boolean isLast(SnapshotManifest manifest, EventType type, Work work) {
        var last = manifest.applied().last();
        return last != null
                && work.operation().equals(last.operation())
                && type.wireName().equals(last.type());
    }

    private Outcome finish(SnapshotManifest begun, MemoryCompressor.Written written, Work work) throws IOException {
        var payload = begun.withMemory(written.memory(), written.file());
        var next = payload.with(
                begun.snapshot()
                        .compressed(
                                written.compression(),
                                written.file().bytes(),
                                written.memory().rawBytes(),
                                payload.payloadBytes()),
                begun.applied()
                        .saying(event(EventType.COMPRESSION_COMPLETED, work))
                        .settling(work.operation()));
        if (!(store.memory().commit(begun.version(), written.path(), next) instanceof Commit.Done)) {
            return changed(next.snapshot().id());
        }
        announcer.announce(next);
        return Outcome.of(next.snapshot());
    }

    /** Only a delete takes a snapshot away from the one command that may change it; whatever else was changed, it is decided anew. */
    private Outcome changed(SnapshotId id) throws IOException {
        if (store.snapshots().find(id) instanceof Found.Absent<SnapshotManifest>) {
            return new Outcome.Cancelled("the snapshot was deleted meanwhile");
        }
        throw new ContentionException("the snapshot was changed meanwhile");
    }

    /**
     * Lets a snapshot no longer say that it will be compressed, if it says so on account of this command, which nobody began.
     * Done again, or by several workers at once, it changes nothing more.
     */
    void withdraw(SnapshotId id, OperationId operation, Instant now) throws IOException {
        if (store.snapshots().find(id) instanceof Found.Present<SnapshotManifest>(var manifest)
                && CompressionRequests.isPromised(manifest, operation)) {
            announcer.announce(manifest);
            var next = manifest.with(
                    manifest.snapshot().compressionCancelled(CompressedAs.of(manifest)),
                    manifest.applied()
                            .saying(new LastEvent(EventType.COMPRESSION_CANCELLED.wireName(), operation, now, null)));
            if (store.snapshots().replaceManifest(manifest.version(), next) instanceof Commit.Done) {
                announcer.announce(next);
            }
        }
    }

    /** A snapshot must not say that it is being compressed when nobody does it. */
    @Override
    public Outcome giveUp(Command.CompressSnapshot c, Outcome why, Work work) throws IOException {
        return giveUp(c, why, null, work);
    }

    /** @param before how the memory was compressed before the command began, as far as that is known better than by the file */
    private Outcome giveUp(Command.CompressSnapshot c, Outcome why, @Nullable CompressionConfig before, Work work)
            throws IOException {
        if (!(store.snapshots().find(c.snapshot()) instanceof Found.Present<SnapshotManifest>(var manifest))) {
            return why;
        }
        if (manifest.applied().settled(work.operation())) {
            announcer.announce(manifest);
            return switch (asSettled(manifest, work)) {
                case Outcome.Succeeded _, Outcome.Scheduled _ -> Failures.unconfirmed(why);
                case Outcome.Cancelled cancelled -> cancelled;
                case Outcome.Failed _, Outcome.Rejected _ -> why;
            };
        }
        var given = givenUp(manifest, why, before);
        if (manifest.snapshot().compressionState() != CompressionState.COMPRESSING || given.isEmpty()) {
            return why;
        }
        var place = work.place();
        announcer.announce(manifest);
        var next = manifest.with(
                given.get().snapshot(),
                manifest.applied().saying(event(given.get().type(), work)).settling(work.operation()));
        if (!(store.snapshots().replaceManifest(manifest.version(), next, place) instanceof Commit.Done)) {
            return changed(c.snapshot());
        }
        announcer.announce(next);
        return why;
    }

    private record GivenUp(Snapshot snapshot, EventType type) {}

    private static Optional<GivenUp> givenUp(
            SnapshotManifest manifest, Outcome why, @Nullable CompressionConfig before) {
        var snapshot = manifest.snapshot();
        return switch (why) {
            case Outcome.Failed(var _, var reason) ->
                Optional.of(new GivenUp(snapshot.compressionFailed(reason), EventType.COMPRESSION_FAILED));
            case Outcome.Cancelled _ ->
                Optional.of(new GivenUp(
                        snapshot.compressionCancelled(before == null ? CompressedAs.of(manifest) : before),
                        EventType.COMPRESSION_CANCELLED));
            case Outcome.Succeeded _, Outcome.Scheduled _, Outcome.Rejected _ -> Optional.empty();
        };
    }

    private static LastEvent event(EventType type, Work work) {
        return new LastEvent(type.wireName(), work.operation(), work.now(), null);
    }
}
