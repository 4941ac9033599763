package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.SnapshotRules;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.Applied;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Makes a new instance from a snapshot. The snapshot is only read; compressing it meanwhile disturbs nothing. */
@ApplicationScoped
class ForkSnapshotHandler implements Handler<Command.ForkSnapshot> {
    private final PayloadStore store;
    private final Materializer materializer;
    private final Incarnations incarnations;
    private final Retargeting retargeting;
    private final Names names;
    private final Announcer announcer;

    ForkSnapshotHandler(
            PayloadStore store,
            Materializer materializer,
            Incarnations incarnations,
            Retargeting retargeting,
            Names names,
            Announcer announcer) {
        this.store = store;
        this.materializer = materializer;
        this.incarnations = incarnations;
        this.retargeting = retargeting;
        this.names = names;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.ForkSnapshot c, Work work) throws IOException, InterruptedException {
        if (store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>(var made)) {
            store.instances().confirm(c.instance());
            return announce(made);
        }
        return switch (store.snapshots().find(c.snapshot())) {
            case Found.Absent<SnapshotManifest>() ->
                new Outcome.Rejected(Refusal.notFound("snapshot not found: " + c.snapshot()));
            case Found.Damaged<SnapshotManifest> damaged -> throw DamagedException.snapshot(damaged);
            case Found.Present<SnapshotManifest>(var source) -> fork(c, source, work);
        };
    }

    private Outcome fork(Command.ForkSnapshot c, SnapshotManifest source, Work work)
            throws IOException, InterruptedException {
        var snapshot = source.snapshot();
        var target = c.targetState() == null ? SnapshotRules.defaultTarget(snapshot.kind()) : c.targetState();
        var refusal = SnapshotRules.target(snapshot, target, c.targetHypervisor(), incarnations.offered()::contains);
        if (refusal.isEmpty()) {
            refusal = retargeting.refusal(source.storedMetadata(), snapshot, c.targetHypervisor());
        }
        if (refusal.isPresent()) {
            return new Outcome.Rejected(refusal.get());
        }
        if (!names.claim(NameClaims.INSTANCES, c.name(), c.instance().value(), work)) {
            return new Outcome.Rejected(Refusal.conflict("instance name " + c.name() + " is taken"));
        }
        return target == TargetState.RUNNING ? run(c, source, work) : materialize(c, target, work);
    }

    private Outcome run(Command.ForkSnapshot c, SnapshotManifest source, Work work)
            throws IOException, InterruptedException {
        var born = new Incarnations.Birth(
                c.instance(), c.name(), EventType.SNAPSHOT_FORKED, c.snapshot().value(), c.identity());
        return source.snapshot().kind() == SnapshotKind.STANDBY
                ? incarnations.ofSaved(c.snapshot(), born, work)
                : incarnations.ofDisks(c.snapshot(), born, c.targetHypervisor(), work);
    }

    @Override
    public Outcome giveUp(Command.ForkSnapshot c, Outcome why, Work work) throws IOException {
        if (store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>(var made)) {
            announce(made);
            return Failures.unconfirmed(why);
        }
        incarnations.undo(c.instance());
        names.release(c.instance().value(), work);
        return why;
    }

    private Outcome materialize(Command.ForkSnapshot c, TargetState target, Work work)
            throws IOException, InterruptedException {
        var staged = materializer.materialize(c.snapshot(), target, work);
        var now = work.now();
        var forked = Metadata.forked(
                staged.source().storedMetadata(),
                c.instance(),
                c.name(),
                store.layout().guest(c.instance()),
                now);
        var metadata = retargeting.apply(
                target == TargetState.STANDBY ? Metadata.identityDue(forked) : forked,
                c.targetHypervisor(),
                staged.directory(),
                work);
        var event = new LastEvent(
                EventType.SNAPSHOT_FORKED.wireName(),
                work.operation(),
                now,
                c.snapshot().value());
        var made = InstanceManifest.first(
                c.instance(),
                metadata,
                target.state(),
                target != TargetState.STOPPED,
                Applied.NOTHING.saying(event).settling(work.operation()));
        return switch (store.instances().publishNew(staged.directory(), made)) {
            case Commit.Done() -> announce(made);
            case Commit other -> throw new ContentionException("the new instance is there already");
        };
    }

    private Outcome announce(InstanceManifest made) throws DamagedException {
        announcer.announce(made);
        return Outcome.of(made);
    }
}
