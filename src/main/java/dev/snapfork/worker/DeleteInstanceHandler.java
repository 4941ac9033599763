package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventType;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.machine.Machines;
import dev.snapfork.operation.Refusal;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.view.LastKnown;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Removes an instance from sight with one rename; its files are unlinked once the command has settled. */
@ApplicationScoped
class DeleteInstanceHandler implements Handler<Command.DeleteInstance> {
    private final PayloadStore store;
    private final Names names;
    private final Announcer announcer;
    private final HealthLedger ledger;
    private final LastKnown lastKnown;
    private final Patience patience;
    private final Machines machines;

    DeleteInstanceHandler(
            PayloadStore store,
            Machines machines,
            Names names,
            Announcer announcer,
            HealthLedger ledger,
            LastKnown lastKnown,
            Patience patience) {
        this.machines = machines;
        this.ledger = ledger;
        this.lastKnown = lastKnown;
        this.patience = patience;
        this.store = store;
        this.names = names;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.DeleteInstance c, Work work) throws IOException, InterruptedException {
        var trashed = store.instances().trash(c.instance(), work.operation());
        machines.endOthers(c.instance(), null);
        return announce(c.instance(), trashed, work);
    }

    @Override
    public Outcome giveUp(Command.DeleteInstance c, Outcome why, Work work) throws IOException {
        var trashed = store.instances().trashed(c.instance(), work.operation());
        if (trashed.isPresent()) {
            announce(c.instance(), trashed.get(), work);
            return Failures.unconfirmed(why);
        }
        return why;
    }

    private Outcome announce(InstanceId id, Found<InstanceManifest> trashed, Work work) throws IOException {
        names.release(id.value(), work);
        switch (trashed) {
            case Found.Absent<InstanceManifest>() -> {
                return new Outcome.Rejected(Refusal.notFound("instance not found: " + id));
            }
            case Found.Present<InstanceManifest>(var last) ->
                announcer.announceDeletion(last, work.operation(), work.accepted());
            case Found.Damaged<InstanceManifest> damaged -> announceLastKnown(id, work);
        }
        ledger.forget(id.value());
        return new Outcome.Succeeded(null, null);
    }

    /** What has no readable record any more is known from its last event; if nobody was ever told of it, nobody is told now. */
    private void announceLastKnown(InstanceId id, Work work) {
        var last = patience.insist(
                "look up a damaged instance",
                () -> lastKnown.instance(id.value()).await().atMost(patience.attemptLimit()));
        last.ifPresent(instance -> announcer.announceDeletion(new Event.InstanceChanged(
                EventType.INSTANCE_DELETED, work.accepted(), work.operation(), instance.deleted(), null)));
    }
}
