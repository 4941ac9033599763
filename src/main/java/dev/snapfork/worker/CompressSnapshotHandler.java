package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.instance.CompressionConfig;
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
import java.util.concurrent.CancellationException;

/**
 * Compresses a snapshot's memory beside what there is, swaps the manifest, then unlinks the old file. Forks and restores go on
 * all the while; deleting the snapshot ends the work at its next chunk.
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
            case Found.Damaged<SnapshotManifest> damaged -> Damage.reject(damaged);
            case Found.Present<SnapshotManifest>(var manifest) -> compress(c, manifest, work);
        };
    }

    private Outcome compress(Command.CompressSnapshot c, SnapshotManifest manifest, Work work) throws IOException {
        if (manifest.applied().settled(work.operation())) {
            return settledBefore(manifest);
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
    private Outcome settledBefore(SnapshotManifest manifest) throws IOException {
        store.snapshots().confirm(manifest);
        // The crash may have come between the swap and the unlinking of what it replaced.
        store.memory().removeUnnamed(manifest);
        announcer.announce(manifest);
        return asSettled(manifest.snapshot());
    }

    private static Outcome asSettled(Snapshot snapshot) {
        return snapshot.compressionState() == CompressionState.ERROR
                ? Failures.because(String.valueOf(snapshot.compressionError()))
                : Outcome.of(snapshot);
    }

    private Outcome begin(Command.CompressSnapshot c, SnapshotManifest manifest, Work work) throws IOException {
        var begun = manifest;
        if (!alreadyBegun(manifest, work)) {
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
            return changed(c.snapshot());
        } catch (RefusedException e) {
            // The snapshot says why it was not compressed; a command that has begun is not refused any more.
            return giveUp(c, new Outcome.Failed(e.refusal().code(), e.refusal().message()), work);
        }
    }

    private static boolean alreadyBegun(SnapshotManifest manifest, Work work) {
        var last = manifest.applied().last();
        return last != null
                && work.operation().equals(last.operation())
                && EventType.COMPRESSION_STARTED.wireName().equals(last.type());
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

    /** A snapshot must not say that it is being compressed when nobody does it. */
    @Override
    public Outcome giveUp(Command.CompressSnapshot c, Outcome why, Work work) throws IOException {
        if (!(store.snapshots().find(c.snapshot()) instanceof Found.Present<SnapshotManifest>(var manifest))) {
            return why;
        }
        if (manifest.applied().settled(work.operation())) {
            announcer.announce(manifest);
            return asSettled(manifest.snapshot()) instanceof Outcome.Succeeded ? Failures.unconfirmed(why) : why;
        }
        if (manifest.snapshot().compressionState() != CompressionState.COMPRESSING
                || !(why instanceof Outcome.Failed(var code, var reason))) {
            return why;
        }
        var place = work.place();
        announcer.announce(manifest);
        var next = manifest.with(
                manifest.snapshot().compressionFailed(reason),
                manifest.applied()
                        .saying(event(EventType.COMPRESSION_FAILED, work))
                        .settling(work.operation()));
        if (!(store.snapshots().replaceManifest(manifest.version(), next, place) instanceof Commit.Done)) {
            return changed(c.snapshot());
        }
        announcer.announce(next);
        return why;
    }

    private static LastEvent event(EventType type, Work work) {
        return new LastEvent(type.wireName(), work.operation(), work.now(), null);
    }
}
