package dev.snapfork.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.hypervisor.MachineJson;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Particulars;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.SnapshotKind;
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
import java.nio.file.Path;

/** Puts a snapshot back in place of its source instance: at every instant the old directory or the new one is there. */
@ApplicationScoped
class RestoreSnapshotHandler implements Handler<Command.RestoreSnapshot> {
    private final PayloadStore store;
    private final Materializer materializer;
    private final SavedMachines saved;
    private final Incarnations incarnations;
    private final Starts starts;
    private final GoingOn goingOn;
    private final Retargeting retargeting;
    private final Announcer announcer;

    RestoreSnapshotHandler(
            PayloadStore store,
            Materializer materializer,
            SavedMachines saved,
            Incarnations incarnations,
            Starts starts,
            GoingOn goingOn,
            Retargeting retargeting,
            Announcer announcer) {
        this.store = store;
        this.materializer = materializer;
        this.saved = saved;
        this.incarnations = incarnations;
        this.starts = starts;
        this.goingOn = goingOn;
        this.retargeting = retargeting;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.RestoreSnapshot c, Work work) throws IOException, InterruptedException {
        return switch (store.instances().find(c.instance())) {
            case Found.Absent<InstanceManifest>() ->
                new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
            case Found.Damaged<InstanceManifest> damaged -> throw DamagedException.instance(damaged);
            case Found.Present<InstanceManifest>(var instance) ->
                instance.applied().settled(work.operation()) ? restored(instance, work) : restore(c, instance, work);
        };
    }

    private Outcome restored(InstanceManifest instance, Work work) throws IOException, InterruptedException {
        store.instances().confirm(instance.instance().id());
        return announce(MachineRecords.of(instance) == null ? instance : goingOn.goOn(instance, work));
    }

    @Override
    public Outcome giveUp(Command.RestoreSnapshot c, Outcome why, Work work) throws IOException {
        if (store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>(var instance)) {
            if (instance.applied().settled(work.operation())) {
                announce(instance);
                return Failures.unconfirmed(why);
            }
            if (instance.instance().state() != InstanceState.RUNNING) {
                incarnations.undo(c.instance());
            }
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
        var offered = incarnations.offered();
        var refusal = SnapshotRules.restore(snapshot, instance.instance())
                .or(() -> SnapshotRules.target(snapshot, target, c.targetHypervisor(), offered::contains));
        if (refusal.isEmpty()) {
            refusal = retargeting.refusal(source.storedMetadata(), snapshot, c.targetHypervisor());
        }
        if (refusal.isPresent()) {
            return new Outcome.Rejected(refusal.get());
        }
        announcer.announce(instance);
        return target == TargetState.RUNNING
                ? replaceRunning(c, instance, snapshot.kind(), work)
                : replace(c, instance, target, work);
    }

    /** The machine is made in staging and stands still until it has taken the instance's place. */
    private Outcome replaceRunning(Command.RestoreSnapshot c, InstanceManifest instance, SnapshotKind kind, Work work)
            throws IOException, InterruptedException {
        starts.clear(c.instance());
        return switch (kind) {
            case STANDBY ->
                saved.make(c.snapshot(), work, parts -> {
                    var planned = planned(instance, restored(c, parts.source(), instance, work));
                    var started = starts.load(planned, parts.state(), parts.memory(), parts.directory(), work);
                    return takePlace(c, instance, planned, parts.directory(), started, work);
                });
            case STOPPED -> {
                var staged = materializer.materialize(c.snapshot(), TargetState.STOPPED, work);
                var planned = planned(
                        instance,
                        retargeting.apply(
                                restored(c, staged.source(), instance, work),
                                c.targetHypervisor(),
                                staged.directory(),
                                work));
                starts.requireOffered(planned.instance());
                var started = starts.boot(planned.instance(), staged.directory(), work);
                yield takePlace(c, instance, planned, staged.directory(), started, work);
            }
        };
    }

    private static InstanceManifest planned(InstanceManifest instance, ObjectNode metadata) {
        return instance.next(metadata, InstanceState.STOPPED, false, instance.applied());
    }

    private ObjectNode restored(
            Command.RestoreSnapshot c, SnapshotManifest source, InstanceManifest instance, Work work) {
        return Metadata.restored(
                source.storedMetadata(),
                instance.metadata(),
                c.instance(),
                store.layout().guest(c.instance()),
                work.now());
    }

    private Outcome takePlace(
            Command.RestoreSnapshot c,
            InstanceManifest instance,
            InstanceManifest planned,
            Path staged,
            Starts.Started started,
            Work work)
            throws IOException, InterruptedException {
        var machine = MachineRecords.in(store.layout().guest(c.instance()), started.machine());
        var next = instance.next(
                Metadata.running(
                        planned.metadata(), machine.pid(), machine.profile().version(), started.mac(), work.now()),
                InstanceState.RUNNING,
                null,
                false,
                MachineJson.write(machine),
                instance.applied()
                        .saying(MachineRecords.event(
                                EventType.SNAPSHOT_RESTORED, work, c.snapshot().value(), Particulars.NONE))
                        .settling(work.operation()));
        return switch (store.instances().replaceInPlace(instance.version(), staged, next, work.operation())) {
            case Commit.Done() -> restored(next, work);
            case Commit other -> throw new ContentionException("the instance was changed meanwhile");
        };
    }

    private Outcome replace(Command.RestoreSnapshot c, InstanceManifest instance, TargetState target, Work work)
            throws IOException, InterruptedException {
        var staged = materializer.materialize(c.snapshot(), target, work);
        var now = work.now();
        var metadata = retargeting.apply(
                restored(c, staged.source(), instance, work), c.targetHypervisor(), staged.directory(), work);
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
        return Outcome.of(restored);
    }
}
