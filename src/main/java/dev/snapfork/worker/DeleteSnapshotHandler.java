package dev.snapfork.worker;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.command.Command;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Found;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import dev.snapfork.view.LastKnown;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Removes a snapshot from sight with one rename; its files are unlinked once the command has settled. */
@ApplicationScoped
class DeleteSnapshotHandler implements Handler<Command.DeleteSnapshot> {
    private final PayloadStore store;
    private final Names names;
    private final Announcer announcer;
    private final MemoryCache cache;
    private final Settlements settlements;
    private final HealthLedger ledger;
    private final LastKnown lastKnown;
    private final Patience patience;

    DeleteSnapshotHandler(
            PayloadStore store,
            Names names,
            Announcer announcer,
            MemoryCache cache,
            Settlements settlements,
            HealthLedger ledger,
            LastKnown lastKnown,
            Patience patience) {
        this.store = store;
        this.cache = cache;
        this.ledger = ledger;
        this.lastKnown = lastKnown;
        this.names = names;
        this.announcer = announcer;
        this.settlements = settlements;
        this.patience = patience;
    }

    @Override
    public Outcome handle(Command.DeleteSnapshot c, Work work) throws IOException {
        if (store.snapshots().find(c.snapshot()) instanceof Found.Present<SnapshotManifest>(var manifest)) {
            requireMade(manifest);
        }
        return announce(c.snapshot(), store.snapshots().trash(c.snapshot(), work.operation()), work);
    }

    /**
     * A command that makes a snapshot and comes again finds by the snapshot that it is made. It is in another partition, so that it
     * may come after this: until it has settled the snapshot stays.
     */
    private void requireMade(SnapshotManifest manifest) throws IOException {
        var by = manifest.applied().operations();
        if (!by.isEmpty() && patience.insist("look up who made a snapshot", () -> settlements.isOpen(by.getFirst()))) {
            throw new ContentionException("the command that makes the snapshot has not settled yet");
        }
    }

    @Override
    public Outcome giveUp(Command.DeleteSnapshot c, Outcome why, Work work) throws IOException {
        var trashed = store.snapshots().trashed(c.snapshot(), work.operation());
        if (trashed.isPresent()) {
            announce(c.snapshot(), trashed.get(), work);
            return Failures.unconfirmed(why);
        }
        return why;
    }

    private Outcome announce(SnapshotId id, Found<SnapshotManifest> trashed, Work work) throws IOException {
        cache.forget(id);
        names.release(id.value(), work);
        switch (trashed) {
            case Found.Absent<SnapshotManifest>() -> {
                return new Outcome.Rejected(Refusal.notFound("snapshot not found: " + id));
            }
            case Found.Present<SnapshotManifest>(var last) ->
                announcer.announceDeletion(last, work.operation(), work.accepted());
            case Found.Damaged<SnapshotManifest> damaged -> announceLastKnown(id, work);
        }
        ledger.forget(id.value());
        return new Outcome.Succeeded(null, null);
    }

    /** What has no readable record any more is known from its last event; if nobody was ever told of it, nobody is told now. */
    private void announceLastKnown(SnapshotId id, Work work) {
        var last = patience.insist(
                "look up a damaged snapshot",
                () -> lastKnown.snapshot(id.value()).await().atMost(patience.attemptLimit()));
        last.ifPresent(snapshot -> announcer.announceDeletion(new Event.SnapshotChanged(
                EventType.SNAPSHOT_DELETED, work.accepted(), work.operation(), snapshot.deleted())));
    }
}
