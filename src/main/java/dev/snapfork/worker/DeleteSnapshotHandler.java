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

    DeleteSnapshotHandler(PayloadStore store, Names names, Announcer announcer, MemoryCache cache) {
        this.store = store;
        this.cache = cache;
        this.names = names;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.DeleteSnapshot c, Work work) throws IOException {
        if (store.snapshots().find(c.snapshot()) instanceof Found.Damaged<SnapshotManifest> damaged) {
            return Damage.reject(damaged);
        }
        return store.snapshots().trash(c.snapshot(), work.operation())
                        instanceof Found.Present<SnapshotManifest>(var last)
                ? announce(last, work)
                : new Outcome.Rejected(Refusal.notFound("snapshot not found: " + c.snapshot()));
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
