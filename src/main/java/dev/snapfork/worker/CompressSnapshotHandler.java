package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
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
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compresses a snapshot's memory beside what there is, swaps the manifest, then unlinks the old file. Forks and restores go on
 * all the while; deleting the snapshot, or cancelling the command, ends the work at its next chunk.
 */
@ApplicationScoped
class CompressSnapshotHandler implements Handler<Command.CompressSnapshot> {
    private static final Logger LOG = Logger.getLogger(CompressSnapshotHandler.class);

    private final PayloadStore store;
    private final MemoryCompressor compressor;
    private final Announcer announcer;
    private final Patience patience;

    CompressSnapshotHandler(PayloadStore store, MemoryCompressor compressor, Announcer announcer, Patience patience) {
        this.store = store;
        this.compressor = compressor;
        this.announcer = announcer;
        this.patience = patience;
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

    private Outcome compress(Command.CompressSnapshot c, SnapshotManifest manifest, Work work)
            throws IOException, InterruptedException {
        announcer.announce(manifest);
        if (manifest.applied().settled(work.operation())) {
            // The crash may have come between the swap and the unlinking of what it replaced.
            store.memory().removeUnnamed(manifest);
            return settledBefore(manifest, work);
        }
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
    private static Outcome settledBefore(SnapshotManifest manifest, Work work) {
        var snapshot = manifest.snapshot();
        if (isLast(manifest, EventType.COMPRESSION_CANCELLED, work)) {
            return Outcome.Cancelled.ON_REQUEST;
        }
        return snapshot.compressionState() == CompressionState.ERROR
                ? new Outcome.Failed(String.valueOf(snapshot.compressionError()))
                : Outcome.of(snapshot);
    }

    private Outcome begin(Command.CompressSnapshot c, SnapshotManifest manifest, Work work)
            throws IOException, InterruptedException {
        var begun = manifest;
        if (!isLast(manifest, EventType.COMPRESSION_STARTED, work)) {
            begun = manifest.with(
                    manifest.snapshot().compressing(c.compression()),
                    manifest.applied().saying(event(EventType.COMPRESSION_STARTED, work)));
            var commit = store.snapshots().replaceManifest(manifest.version(), begun);
            if (commit instanceof Commit.VersionConflict) {
                // a command that would have compressed it was withdrawn just now, beside the order of the commands
                return handle(c, work);
            }
            if (!(commit instanceof Commit.Done)) {
                return deleted();
            }
            announcer.announce(begun);
        }
        try {
            return finish(begun, compressor.compress(begun, c.compression(), work), work);
        } catch (CancellationException e) {
            if (patience.stopping()) {
                throw new Patience.StoppingException();
            }
            return work.cancelled() ? cancel(begun, CompressedAs.of(manifest), work) : deleted();
        } catch (IOException e) {
            if (patience.stopping()) {
                throw new Patience.StoppingException();
            }
            return fail(begun, Failures.explain(e), work);
        } catch (Patience.StoppingException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever went wrong, the snapshot must not say that it is being compressed when nobody does it.
            LOG.errorf(e, "failed unexpectedly: operation=%s", work.operation());
            return fail(begun, Failures.unexpected(work.operation()), work);
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
            return deleted();
        }
        announcer.announce(next);
        return Outcome.of(next.snapshot());
    }

    /** @param before how the memory is compressed, as it was before this command began */
    private Outcome cancel(SnapshotManifest begun, @Nullable CompressionConfig before, Work work) throws IOException {
        var next = begun.with(
                begun.snapshot().compressionCancelled(before),
                begun.applied()
                        .saying(event(EventType.COMPRESSION_CANCELLED, work))
                        .settling(work.operation()));
        if (!(store.snapshots().replaceManifest(begun.version(), next) instanceof Commit.Done)) {
            return deleted();
        }
        announcer.announce(next);
        return Outcome.Cancelled.ON_REQUEST;
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

    private Outcome fail(SnapshotManifest begun, String reason, Work work) throws IOException {
        var next = begun.with(
                begun.snapshot().compressionFailed(reason),
                begun.applied()
                        .saying(event(EventType.COMPRESSION_FAILED, work))
                        .settling(work.operation()));
        if (!(store.snapshots().replaceManifest(begun.version(), next) instanceof Commit.Done)) {
            return deleted();
        }
        announcer.announce(next);
        return new Outcome.Failed(reason);
    }

    private static LastEvent event(EventType type, Work work) {
        return new LastEvent(type.wireName(), work.operation(), work.now(), null);
    }

    /** Only a delete takes a snapshot away from the one command that may change it. */
    private static Outcome deleted() {
        return new Outcome.Cancelled("the snapshot was deleted meanwhile");
    }
}
