package dev.snapfork.worker;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.command.Command;
import dev.snapfork.operation.Refusal;
import dev.snapfork.store.Found;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
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
    private final Patience patience;

    DeleteSnapshotHandler(
            PayloadStore store,
            Names names,
            Announcer announcer,
            MemoryCache cache,
            Settlements settlements,
            Patience patience) {
        this.store = store;
        this.cache = cache;
        this.names = names;
        this.announcer = announcer;
        this.settlements = settlements;
        this.patience = patience;
    }

    @Override
    public Outcome handle(Command.DeleteSnapshot c, Work work) throws IOException {
        switch (store.snapshots().find(c.snapshot())) {
            case Found.Damaged<SnapshotManifest> damaged -> {
                return Damage.reject(damaged);
            }
            case Found.Present<SnapshotManifest>(var manifest) -> requireMade(manifest);
            case Found.Absent<SnapshotManifest>() -> {
                // gone, or in this operation's trash
            }
        }
        return store.snapshots().trash(c.snapshot(), work.operation())
                        instanceof Found.Present<SnapshotManifest>(var last)
                ? announce(last, work)
                : new Outcome.Rejected(Refusal.notFound("snapshot not found: " + c.snapshot()));
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
        if (store.snapshots().trashed(c.snapshot(), work.operation()).orElse(null)
                instanceof Found.Present<SnapshotManifest>(var last)) {
            announce(last, work);
            return Failures.unconfirmed(why);
        }
        return why;
    }

    private Outcome announce(SnapshotManifest last, Work work) {
        cache.forget(last.snapshot().id());
        names.release(last.snapshot().id().value(), work);
        announcer.announceDeletion(last, work.operation(), work.accepted());
        return new Outcome.Succeeded(null, null);
    }
}
