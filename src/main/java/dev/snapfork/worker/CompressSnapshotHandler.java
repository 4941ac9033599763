package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotRules;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;

/**
 * Compresses a snapshot's memory beside what there is, swaps the manifest, then unlinks the old file. Forks and restores go on
 * all the while; deleting the snapshot ends the work at its next chunk.
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
            case Found.Damaged<SnapshotManifest> damaged -> throw DamagedException.snapshot(damaged);
            case Found.Present<SnapshotManifest>(var manifest) -> compress(c, manifest, work);
        };
    }

    private Outcome compress(Command.CompressSnapshot c, SnapshotManifest manifest, Work work)
            throws IOException, InterruptedException {
        announcer.announce(manifest);
        if (manifest.applied().settled(work.operation())) {
            // The crash may have come between the swap and the unlinking of what it replaced.
            store.memory().removeUnnamed(manifest);
            return settledBefore(manifest);
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
    private static Outcome settledBefore(SnapshotManifest manifest) {
        var snapshot = manifest.snapshot();
        return snapshot.compressionState() == CompressionState.ERROR
                ? new Outcome.Failed(String.valueOf(snapshot.compressionError()))
                : Outcome.of(snapshot);
    }

    private Outcome begin(Command.CompressSnapshot c, SnapshotManifest manifest, Work work)
            throws IOException, InterruptedException {
        var begun = manifest;
        if (!alreadyBegun(manifest, work)) {
            begun = manifest.with(
                    manifest.snapshot().compressing(c.compression()),
                    manifest.applied().saying(event(EventType.COMPRESSION_STARTED, work)));
            if (!(store.snapshots().replaceManifest(manifest.version(), begun) instanceof Commit.Done)) {
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
            return deleted();
        } catch (DamagedException e) {
            fail(begun, e.problem(), work);
            throw e;
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
            fail(begun, Failures.unexpected(work.operation()), work);
            throw e;
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
            return deleted();
        }
        announcer.announce(next);
        return Outcome.of(next.snapshot());
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
