package dev.snapfork.worker;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.command.Command;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Found;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import dev.snapfork.view.LastKnown;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;

/** Removes a snapshot from sight with one rename; its files are unlinked once the command has settled. */
@ApplicationScoped
class DeleteSnapshotHandler implements Handler<Command.DeleteSnapshot> {
    private final PayloadStore store;
    private final Names names;
    private final Announcer announcer;
    private final MemoryCache cache;
    private final HealthLedger ledger;
    private final LastKnown lastKnown;
    private final Patience patience;

    DeleteSnapshotHandler(
            PayloadStore store,
            Names names,
            Announcer announcer,
            MemoryCache cache,
            HealthLedger ledger,
            LastKnown lastKnown,
            Patience patience) {
        this.store = store;
        this.cache = cache;
        this.ledger = ledger;
        this.lastKnown = lastKnown;
        this.patience = patience;
        this.names = names;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.DeleteSnapshot c, Work work) throws IOException {
        return switch (store.snapshots().trash(c.snapshot(), work.operation())) {
            case Found.Absent<SnapshotManifest>() ->
                new Outcome.Rejected(Refusal.notFound("snapshot not found: " + c.snapshot()));
            case Found.Present<SnapshotManifest>(var last) -> {
                announcer.announce(last);
                yield announce(c.snapshot(), Optional.of(last.snapshot()), work);
            }
            case Found.Damaged<SnapshotManifest> damaged -> announce(c.snapshot(), lastKnown(c.snapshot()), work);
        };
    }

    /** What has no readable record any more is known from its last event. */
    private Optional<Snapshot> lastKnown(SnapshotId id) {
        return patience.insist(
                "look up a damaged snapshot",
                () -> lastKnown.snapshot(id.value()).await().atMost(patience.attemptLimit()));
    }

    /** @param last empty if nobody was ever told of the snapshot; then nobody is told now */
    private Outcome announce(SnapshotId id, Optional<Snapshot> last, Work work) throws IOException {
        cache.forget(id);
        names.release(id.value());
        last.ifPresent(snapshot -> announcer.announceDeletion(new Event.SnapshotChanged(
                EventType.SNAPSHOT_DELETED, work.now(), work.operation(), snapshot.deleted())));
        ledger.forget(id.value());
        return new Outcome.Succeeded(null, null);
    }
}
