package dev.snapfork.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.hypervisor.MemorySource;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceRules;
import dev.snapfork.instance.InstanceRules.Verdict;
import dev.snapfork.machine.DamagedStateException;
import dev.snapfork.operation.Particulars;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.store.Applied;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Metadata;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a new instance of another one, which stands still for a moment if it runs, and is as it was afterwards. */
@ApplicationScoped
class ForkInstanceHandler implements Handler<Command.ForkInstance> {
    private final PayloadStore store;
    private final InstanceCopies copies;
    private final Starts starts;
    private final Incarnations incarnations;
    private final LiveCapture live;
    private final Names names;
    private final Lifecycle lifecycle;
    private final Faults faults;

    ForkInstanceHandler(
            PayloadStore store,
            InstanceCopies copies,
            Starts starts,
            Incarnations incarnations,
            LiveCapture live,
            Names names,
            Lifecycle lifecycle,
            Faults faults) {
        this.store = store;
        this.copies = copies;
        this.starts = starts;
        this.incarnations = incarnations;
        this.live = live;
        this.names = names;
        this.lifecycle = lifecycle;
        this.faults = faults;
    }

    @Override
    public Outcome handle(Command.ForkInstance c, Work work) throws IOException, InterruptedException {
        if (store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>(var made)) {
            store.instances().confirm(c.instance());
            return lifecycle.announce(made);
        }
        return switch (store.instances().find(c.source())) {
            case Found.Absent<InstanceManifest>() ->
                new Outcome.Rejected(Refusal.notFound("instance not found: " + c.source()));
            case Found.Damaged<InstanceManifest> damaged -> throw DamagedException.instance(damaged);
            case Found.Present<InstanceManifest>(var source) -> fork(c, source, work);
        };
    }

    private Outcome fork(Command.ForkInstance c, InstanceManifest source, Work work)
            throws IOException, InterruptedException {
        if (InstanceRules.fork(source.instance(), c.fromRunning()) instanceof Verdict.No(var refusal)) {
            return new Outcome.Rejected(refusal);
        }
        var target = target(c, source.instance());
        if (target == TargetState.RUNNING) {
            starts.requireOffered(source.instance());
        }
        if (!names.claim(NameClaims.INSTANCES, c.name(), c.instance().value(), work)) {
            return new Outcome.Rejected(Refusal.nameConflict("instance name " + c.name() + " is taken"));
        }
        starts.clear(c.instance());
        var staged = work.place().fresh("instance");
        faults.at(Step.STAGING_MADE);
        var copied = copies.copy(source, target, staged, work);
        faults.at(Step.FILES_COPIED);
        return publish(c, source, target, staged, copied, work);
    }

    private static TargetState target(Command.ForkInstance c, Instance source) {
        var own =
                switch (source.state()) {
                    case RUNNING -> TargetState.RUNNING;
                    case STANDBY -> TargetState.STANDBY;
                    case STOPPED, CREATED, INITIALIZING, PAUSED, SHUTDOWN, UNKNOWN -> TargetState.STOPPED;
                };
        var target = Objects.requireNonNullElse(c.targetState(), own);
        if (target == TargetState.STANDBY && own == TargetState.STOPPED) {
            throw new RefusedException(Refusal.invalidRequest(
                    "a Stopped instance has no memory: target_state must be Stopped or Running, got Standby"));
        }
        return target;
    }

    private Outcome publish(
            Command.ForkInstance c,
            InstanceManifest source,
            TargetState target,
            Path staged,
            InstanceCopies.Copied copied,
            Work work)
            throws IOException, InterruptedException {
        var birth = new Incarnations.Birth(
                c.instance(), c.name(), EventType.INSTANCE_FORKED, c.source().value(), c.identity());
        var metadata = Metadata.forked(
                source.storedMetadata(), c.instance(), c.name(), store.layout().guest(c.instance()), work.now());
        if (target != TargetState.RUNNING) {
            return atRest(birth, metadata, target, staged, copied.pausedMillis(), work);
        }
        var planned = Incarnations.planned(birth, metadata);
        if (copied.state() == null) {
            return incarnations.boot(planned, birth, staged, work);
        }
        try {
            var memory = new MemorySource.Own(Objects.requireNonNull(copied.memory()));
            var started = starts.load(planned, copied.state(), memory, staged, work);
            var other = starts.goOnAsAnother(started, planned.instance(), birth.identity(), work);
            copies.dropState(staged);
            return incarnations.publish(planned, birth, staged, other, copied.pausedMillis(), work);
        } catch (DamagedStateException e) {
            throw DamagedException.found(c.source(), String.valueOf(e.getMessage()));
        }
    }

    private Outcome atRest(
            Incarnations.Birth birth,
            ObjectNode metadata,
            TargetState target,
            Path staged,
            @Nullable Long pausedMillis,
            Work work)
            throws IOException {
        var made = InstanceManifest.first(
                birth.id(),
                target == TargetState.STANDBY ? Metadata.identityDue(metadata) : metadata,
                target.state(),
                target == TargetState.STANDBY,
                Applied.NOTHING
                        .saying(MachineRecords.event(
                                birth.event(), work, birth.about(), new Particulars(pausedMillis, null)))
                        .settling(work.operation()));
        return switch (store.instances().publishNew(staged, made)) {
            case Commit.Done() -> lifecycle.announce(made);
            case Commit other -> throw new ContentionException("the new instance is there already");
        };
    }

    @Override
    public Outcome giveUp(Command.ForkInstance c, Outcome why, Work work) throws IOException {
        var end = lifecycle.givenUp(
                c.source(),
                why,
                source -> {
                    live.letGoOn(source);
                    return why;
                },
                work);
        if (store.instances().find(c.instance()) instanceof Found.Present<InstanceManifest>(var made)) {
            lifecycle.announce(made);
            return Failures.unconfirmed(why);
        }
        incarnations.undo(c.instance());
        names.release(c.instance().value(), work);
        return end;
    }
}
