package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.SnapshotRules;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Puts a snapshot back in place of its source instance: at every instant the old directory or the new one is there. */
@ApplicationScoped
class RestoreSnapshotHandler implements Handler<Command.RestoreSnapshot> {
    private final PayloadStore store;
    private final Materializer materializer;
    private final Announcer announcer;

    RestoreSnapshotHandler(PayloadStore store, Materializer materializer, Announcer announcer) {
        this.store = store;
        this.materializer = materializer;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.RestoreSnapshot c, Work work) throws IOException, InterruptedException {
        return switch (store.instances().find(c.instance())) {
            case Found.Absent<InstanceManifest>() ->
                new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
            case Found.Damaged<InstanceManifest> damaged -> throw DamagedException.instance(damaged);
            case Found.Present<InstanceManifest>(var instance) ->
                instance.applied().settled(work.operation()) ? restored(instance) : restore(c, instance, work);
        };
    }

    private Outcome restored(InstanceManifest instance) throws IOException {
        store.instances().confirm(instance.instance().id());
        return announce(instance);
    }

    @Override
    public Outcome giveUp(Command.RestoreSnapshot c, Outcome why, Work work) throws IOException {
        if (store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>(var instance)
                && instance.applied().settled(work.operation())) {
            announce(instance);
            return Failures.unconfirmed(why);
        }
        return why;
    }

    private Outcome restore(Command.RestoreSnapshot c, InstanceManifest instance, Work work)
            throws IOException, InterruptedException {
        return switch (store.snapshots().find(c.snapshot())) {
            case Found.Absent<SnapshotManifest>() ->
                new Outcome.Rejected(Refusal.notFound("snapshot not found: " + c.snapshot()));
            case Found.Damaged<SnapshotManifest> damaged -> throw DamagedException.snapshot(damaged);
            case Found.Present<SnapshotManifest>(var source) -> restore(c, instance, source, work);
        };
    }

    private Outcome restore(Command.RestoreSnapshot c, InstanceManifest instance, SnapshotManifest source, Work work)
            throws IOException, InterruptedException {
        var snapshot = source.snapshot();
        var target = c.targetState() == null ? SnapshotRules.defaultTarget(snapshot.kind()) : c.targetState();
        var refusal = SnapshotRules.restore(snapshot, instance.instance())
                .or(() -> SnapshotRules.target(snapshot, target, c.targetHypervisor()));
        if (refusal.isPresent()) {
            return new Outcome.Rejected(refusal.get());
        }
        announcer.announce(instance);
        return replace(c, instance, target, work);
    }

    private Outcome replace(Command.RestoreSnapshot c, InstanceManifest instance, TargetState target, Work work)
            throws IOException, InterruptedException {
        var staged = materializer.materialize(c.snapshot(), target, work);
        var now = work.now();
        var metadata = Metadata.restored(
                staged.source().storedMetadata(),
                instance.metadata(),
                c.instance(),
                store.layout().guest(c.instance()),
                now);
        var event = new LastEvent(
                EventType.SNAPSHOT_RESTORED.wireName(),
                work.operation(),
                now,
                c.snapshot().value());
        var next = instance.next(
                metadata,
                target.state(),
                target != TargetState.STOPPED,
                instance.applied().saying(event).settling(work.operation()));
        return switch (store.instances()
                .replaceInPlace(instance.version(), staged.directory(), next, work.operation())) {
            case Commit.Done() -> announce(next);
            case Commit other -> throw new ContentionException("the instance was changed meanwhile");
        };
    }

    private Outcome announce(InstanceManifest restored) throws DamagedException {
        announcer.announce(restored);
        return Outcome.of(restored.instance());
    }
}
