package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotRules;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;

/** Captures an instance, and asks for its memory to be compressed where that is wanted. */
@ApplicationScoped
class CreateSnapshotHandler implements Handler<Command.CreateSnapshot> {
    private final PayloadStore store;
    private final Capture capture;
    private final LiveCapture live;
    private final Names names;
    private final Announcer announcer;
    private final CompressionRequests compressions;
    private final Faults faults;

    CreateSnapshotHandler(
            PayloadStore store,
            Capture capture,
            LiveCapture live,
            Names names,
            Announcer announcer,
            CompressionRequests compressions,
            Faults faults) {
        this.store = store;
        this.capture = capture;
        this.live = live;
        this.names = names;
        this.announcer = announcer;
        this.compressions = compressions;
        this.faults = faults;
    }

    @Override
    public Outcome handle(Command.CreateSnapshot c, Work work) throws IOException, InterruptedException {
        var made = made(c.snapshot(), work);
        if (made.isPresent()) {
            return made.get();
        }
        return switch (store.instances().find(c.instance())) {
            case Found.Absent<InstanceManifest>() ->
                new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
            case Found.Damaged<InstanceManifest> damaged -> throw DamagedException.instance(damaged);
            case Found.Present<InstanceManifest>(var source) -> create(c, source, work);
        };
    }

    /** What an earlier attempt has made. */
    Optional<Outcome> made(SnapshotId id, Work work) throws IOException {
        if (store.snapshots().find(id) instanceof Found.Present<SnapshotManifest>(var made)) {
            store.snapshots().confirm(made);
            return Optional.of(announce(made, work));
        }
        return Optional.empty();
    }

    private Outcome create(Command.CreateSnapshot c, InstanceManifest source, Work work)
            throws IOException, InterruptedException {
        var refusal = refusal(c, source);
        if (refusal.isPresent()) {
            return new Outcome.Rejected(refusal.get());
        }
        var owner = c.snapshot().value();
        if (c.name() != null && !names.claim(c.instance().value(), c.name(), owner, work)) {
            return new Outcome.Rejected(
                    Refusal.conflict("snapshot name " + c.name() + " is taken for instance " + c.instance()));
        }
        return capture(c, source, work);
    }

    @Override
    public Outcome giveUp(Command.CreateSnapshot c, Outcome why, Work work) throws IOException {
        return giveUp(c.snapshot(), c.instance(), why, work);
    }

    /** As {@link #giveUp(Command.CreateSnapshot, Outcome, Work)}, for whoever had it made on the way. */
    Outcome giveUp(SnapshotId snapshot, InstanceId instance, Outcome why, Work work) throws IOException {
        letGoOn(instance);
        if (store.snapshots().find(snapshot) instanceof Found.Present<SnapshotManifest>(var made)) {
            announce(made, work);
            return Failures.unconfirmed(why);
        }
        names.release(snapshot.value(), work);
        return why;
    }

    /** An attempt that died may have left the source's machine standing still. */
    private void letGoOn(InstanceId instance) throws IOException {
        try {
            if (store.instances().find(instance) instanceof Found.Present<InstanceManifest>(var source)) {
                live.letGoOn(source);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Patience.StoppingException();
        }
    }

    private static Optional<Refusal> refusal(Command.CreateSnapshot c, InstanceManifest source) {
        var instance = source.instance();
        return SnapshotRules.create(instance, c.snapshotKind())
                .or(() -> SnapshotRules.explicitCompression(c.snapshotKind(), c.compression()));
    }

    private Outcome capture(Command.CreateSnapshot c, InstanceManifest source, Work work)
            throws IOException, InterruptedException {
        var staged = work.place().fresh("snapshot");
        faults.at(Step.STAGING_MADE);
        var captured = capture.capture(c, source, staged, work);
        var event = MachineRecords.event(EventType.SNAPSHOT_CREATED, work, null, captured.particulars());
        var manifest = captured.manifest();
        var made = manifest.with(manifest.applied().saying(event).settling(work.operation()));
        return switch (store.snapshots().publishNew(staged, made)) {
            case Commit.Done() -> announce(made, work);
            case Commit other -> throw new ContentionException("the new snapshot is there already");
        };
    }

    private Outcome announce(SnapshotManifest made, Work work) throws DamagedException {
        announcer.announce(made);
        compressions.requestIfWanted(made, work.operation());
        return Outcome.of(made);
    }
}
