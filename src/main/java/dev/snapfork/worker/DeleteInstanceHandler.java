package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.operation.Refusal;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Removes an instance from sight with one rename; its files are unlinked once the command has settled. */
@ApplicationScoped
class DeleteInstanceHandler implements Handler<Command.DeleteInstance> {
    private final PayloadStore store;
    private final Names names;
    private final Announcer announcer;

    DeleteInstanceHandler(PayloadStore store, Names names, Announcer announcer) {
        this.store = store;
        this.names = names;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.DeleteInstance c, Work work) throws IOException {
        if (store.instances().find(c.instance()) instanceof Found.Damaged<InstanceManifest> damaged) {
            return Damage.reject(damaged);
        }
        return store.instances().trash(c.instance(), work.operation())
                        instanceof Found.Present<InstanceManifest>(var last)
                ? announce(last, work)
                : new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
    }

    @Override
    public Outcome giveUp(Command.DeleteInstance c, Outcome why, Work work) throws IOException {
        if (store.instances().trashed(c.instance(), work.operation()).orElse(null)
                instanceof Found.Present<InstanceManifest>(var last)) {
            announce(last, work);
            return Failures.unconfirmed(why);
        }
        return why;
    }

    private Outcome announce(InstanceManifest last, Work work) {
        names.release(last.instance().id().value(), work);
        announcer.announceDeletion(last, work.operation(), work.accepted());
        return new Outcome.Succeeded(null, null);
    }
}
