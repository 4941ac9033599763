package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventType;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.view.LastKnown;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;

/** Removes an instance from sight with one rename; its files are unlinked once the command has settled. */
@ApplicationScoped
class DeleteInstanceHandler implements Handler<Command.DeleteInstance> {
    private final PayloadStore store;
    private final Names names;
    private final Announcer announcer;
    private final HealthLedger ledger;
    private final LastKnown lastKnown;
    private final Patience patience;

    DeleteInstanceHandler(
            PayloadStore store,
            Names names,
            Announcer announcer,
            HealthLedger ledger,
            LastKnown lastKnown,
            Patience patience) {
        this.ledger = ledger;
        this.lastKnown = lastKnown;
        this.patience = patience;
        this.store = store;
        this.names = names;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.DeleteInstance c, Work work) throws IOException {
        return switch (store.instances().trash(c.instance(), work.operation())) {
            case Found.Absent<InstanceManifest>() ->
                new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
            case Found.Present<InstanceManifest>(var last) -> {
                announcer.announce(last);
                yield announce(c.instance(), Optional.of(last.instance()), work);
            }
            case Found.Damaged<InstanceManifest> damaged -> announce(c.instance(), lastKnown(c.instance()), work);
        };
    }

    /** What has no readable record any more is known from its last event. */
    private Optional<Instance> lastKnown(InstanceId id) {
        return patience.insist(
                "look up a damaged instance",
                () -> lastKnown.instance(id.value()).await().atMost(patience.attemptLimit()));
    }

    /** @param last empty if nobody was ever told of the instance; then nobody is told now */
    private Outcome announce(InstanceId id, Optional<Instance> last, Work work) throws IOException {
        names.release(id.value());
        last.ifPresent(instance -> announcer.announceDeletion(new Event.InstanceChanged(
                EventType.INSTANCE_DELETED, work.now(), work.operation(), instance.deleted(), null)));
        ledger.forget(id.value());
        return new Outcome.Succeeded(null, null);
    }
}
