package dev.snapfork.worker;

import dev.snapfork.event.EventType;
import dev.snapfork.hypervisor.MachineJson;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceRules.Verdict;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Refusal;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.function.Function;

/** What all commands have in common that change the state of an instance that is there. */
@ApplicationScoped
class Lifecycle {
    private final PayloadStore store;
    private final Announcer announcer;

    Lifecycle(PayloadStore store, Announcer announcer) {
        this.store = store;
        this.announcer = announcer;
    }

    /** One step of an instance's life. */
    interface Change {
        Outcome make(InstanceManifest current) throws IOException, InterruptedException;
    }

    /**
     * Does what the rules say.
     *
     * @param settled finishes what an earlier attempt at this command has committed
     * @param change makes the change if there is something to do
     */
    Outcome decide(InstanceId id, Function<InstanceManifest, Verdict> rules, Change settled, Change change, Work work)
            throws IOException, InterruptedException {
        return switch (store.instances().find(id)) {
            case Found.Absent<InstanceManifest>() ->
                new Outcome.Rejected(Refusal.notFound("instance not found: " + id));
            case Found.Damaged<InstanceManifest> damaged -> throw DamagedException.instance(damaged);
            case Found.Present<InstanceManifest>(var current) -> {
                if (current.applied().settled(work.operation())) {
                    store.instances().confirm(id);
                    yield settled.make(current);
                }
                yield switch (rules.apply(current)) {
                    case Verdict.Nothing() -> Outcome.of(current.instance());
                    case Verdict.No(var refusal) -> new Outcome.Rejected(refusal);
                    case Verdict.Go() -> {
                        announcer.announce(current);
                        yield change.make(current);
                    }
                };
            }
        };
    }

    /**
     * Writes the next version down.
     *
     * @throws ContentionException if the instance was changed meanwhile
     */
    void commit(InstanceManifest current, InstanceManifest next, Work work) throws IOException {
        if (!(store.instances().replaceManifest(current.version(), next, work.place()) instanceof Commit.Done)) {
            throw new ContentionException("the instance was changed meanwhile");
        }
    }

    Outcome announce(InstanceManifest changed) throws DamagedException {
        announcer.announce(changed);
        return Outcome.of(changed);
    }

    /** The next version of an instance whose machine runs now. */
    InstanceManifest running(InstanceManifest current, Starts.Started started, EventType type, Work work) {
        var machine = MachineRecords.in(store.layout().guest(current.instance().id()), started.machine());
        return current.next(
                Metadata.running(
                        current.metadata(), machine.pid(), machine.profile().version(), started.mac(), work.now()),
                InstanceState.RUNNING,
                null,
                false,
                MachineJson.write(machine),
                current.applied().saying(MachineRecords.event(type, work)).settling(work.operation()));
    }

    /** After a command was given up: how it ended if its work was done all the same; {@code why} if not. */
    Outcome givenUp(InstanceId id, Outcome why, Change notDone, Work work) throws IOException {
        if (store.instances().find(id) instanceof Found.Present<InstanceManifest>(var current)) {
            if (current.applied().settled(work.operation())) {
                announcer.announce(current);
                return Failures.unconfirmed(why);
            }
            try {
                var unused = notDone.make(current);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Patience.StoppingException();
            }
        }
        return why;
    }
}
