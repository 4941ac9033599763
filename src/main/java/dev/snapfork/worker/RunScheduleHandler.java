package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.Cadence;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.ScheduleManifest;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes the snapshot that a schedule wants. That the run has begun, and when the next one is, is on disk before anything is captured;
 * what became of it is noted after. A crash in between leads here again, and the run goes on.
 */
@ApplicationScoped
class RunScheduleHandler implements Handler<Command.RunSchedule> {
    private static final int LONGEST_ERROR = 1000;

    private final PayloadStore store;
    private final ScheduleHandler schedules;
    private final CreateSnapshotHandler snapshots;
    private final Announcer announcer;

    RunScheduleHandler(
            PayloadStore store, ScheduleHandler schedules, CreateSnapshotHandler snapshots, Announcer announcer) {
        this.store = store;
        this.schedules = schedules;
        this.snapshots = snapshots;
        this.announcer = announcer;
    }

    @Override
    public Outcome handle(Command.RunSchedule c, Work work) throws IOException, InterruptedException {
        var found = find(c);
        if (found.isEmpty()) {
            return new Outcome.Rejected(ScheduleHandler.notFound(c.schedule()));
        }
        announcer.announce(found.get());
        return run(c, found.get(), work);
    }

    private Optional<ScheduleManifest> find(Command.RunSchedule c) throws IOException {
        return schedules
                .find(c.instance())
                .filter(manifest ->
                        !manifest.deleted() && manifest.schedule().id().equals(c.schedule()));
    }

    private Outcome run(Command.RunSchedule c, ScheduleManifest found, Work work)
            throws IOException, InterruptedException {
        var schedule = found.schedule();
        if (work.operation().equals(schedule.currentOperationId())) {
            return take(c, found, work);
        }
        if (found.applied().settled(work.operation())) {
            return again(c, found, work);
        }
        if (!schedule.expects(c.run(), c.due())) {
            return new Outcome.Rejected(Refusal.conflict("run " + c.run() + " of snapshot schedule " + c.schedule()
                    + " is not due any more: the schedule has changed"));
        }
        if (store.instances().find(c.instance()) instanceof Found.Absent<InstanceManifest>) {
            schedules.commit(found, schedule.orphan(), EventType.SCHEDULE_ORPHANED, true, work);
            return goneAway(c);
        }
        if (c.missed() != null) {
            var noted = schedules.commit(
                    found, schedule.missed(cut(c.missed()), work.now()), EventType.SCHEDULE_RUN_FAILED, true, work);
            return new Outcome.Scheduled(noted.schedule());
        }
        var begun = schedule.started(work.operation(), work.now());
        return take(c, schedules.commit(found, begun, EventType.SCHEDULE_RUN_STARTED, false, work), work);
    }

    /** An earlier attempt noted what became of the run, and died before that was recorded as the command's end. */
    private Outcome again(Command.RunSchedule c, ScheduleManifest found, Work work) throws IOException {
        var schedule = found.schedule();
        if (schedule.orphaned()) {
            return goneAway(c);
        }
        if (schedule.lastError() != null && c.missed() == null) {
            return Failures.because(schedule.lastError());
        }
        return snapshots.made(c.snapshot(), work).orElseGet(() -> new Outcome.Scheduled(schedule));
    }

    private static Outcome goneAway(Command.RunSchedule c) {
        return new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
    }

    private Outcome take(Command.RunSchedule c, ScheduleManifest begun, Work work)
            throws IOException, InterruptedException {
        var outcome = snapshot(c, begun, work);
        if (outcome instanceof Outcome.Succeeded) {
            succeeded(c, begun, work);
        }
        return outcome;
    }

    private Outcome snapshot(Command.RunSchedule c, ScheduleManifest begun, Work work)
            throws IOException, InterruptedException {
        var made = snapshots.made(c.snapshot(), work);
        if (made.isPresent()) {
            return made.get();
        }
        return switch (store.instances().find(c.instance())) {
            case Found.Absent<InstanceManifest>() -> goneAway(c);
            case Found.Damaged<InstanceManifest> damaged -> throw DamagedException.instance(damaged);
            case Found.Present<InstanceManifest>(var source) -> {
                var schedule = begun.schedule();
                var began = Objects.requireNonNullElse(schedule.lastRunAt(), work.started());
                yield snapshots.handle(
                        new Command.CreateSnapshot(
                                c.snapshot(),
                                c.instance(),
                                Cadence.kind(source.instance().state()),
                                schedule.snapshotName(began),
                                schedule.snapshotTags(),
                                null),
                        work);
            }
        };
    }

    /** Notes what became of the run that has begun, so that the next one can. */
    @Override
    public Outcome giveUp(Command.RunSchedule c, Outcome why, Work work) throws IOException {
        var end = snapshots.giveUp(c.snapshot(), c.instance(), why, work);
        if (store.schedules().find(c.instance()) instanceof Found.Present<ScheduleManifest>(var manifest)
                && work.operation().equals(manifest.schedule().currentOperationId())) {
            announcer.announce(manifest);
            if (store.snapshots().find(c.snapshot()) instanceof Found.Present<SnapshotManifest>) {
                succeeded(c, manifest, work);
            } else {
                failed(problem(end), manifest, work);
            }
        }
        return end;
    }

    private static String problem(Outcome end) {
        return switch (end) {
            case Outcome.Succeeded _, Outcome.Scheduled _ ->
                throw new IllegalArgumentException("given up, and yet " + end);
            case Outcome.Rejected(var refusal) -> refusal.message();
            case Outcome.Failed(var _, var reason) -> reason;
            case Outcome.Cancelled(var reason) -> reason;
        };
    }

    private void succeeded(Command.RunSchedule c, ScheduleManifest begun, Work work) throws IOException {
        schedules.commit(begun, begun.schedule().succeeded(c.snapshot()), EventType.SCHEDULE_RUN_COMPLETED, true, work);
    }

    private void failed(String problem, ScheduleManifest begun, Work work) throws IOException {
        schedules.commit(begun, begun.schedule().failed(cut(problem)), EventType.SCHEDULE_RUN_FAILED, true, work);
    }

    /** Every event of the schedule carries it. */
    private static String cut(String text) {
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR) + "…";
    }
}
