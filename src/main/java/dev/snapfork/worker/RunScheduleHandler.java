package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.Cadence;
import dev.snapfork.store.Found;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.ScheduleManifest;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes the snapshot that a schedule wants. That the run has begun, and when the next one is, is on disk before anything is captured;
 * what became of it is noted after. A crash in between leads here again, and the run goes on.
 */
@ApplicationScoped
class RunScheduleHandler implements Handler<Command.RunSchedule> {
    private static final Logger LOG = Logger.getLogger(RunScheduleHandler.class);
    private static final int LONGEST_ERROR = 1000;

    private final PayloadStore store;
    private final ScheduleHandler schedules;
    private final CreateSnapshotHandler snapshots;
    private final Announcer announcer;
    private final Patience patience;

    RunScheduleHandler(
            PayloadStore store,
            ScheduleHandler schedules,
            CreateSnapshotHandler snapshots,
            Announcer announcer,
            Patience patience) {
        this.store = store;
        this.schedules = schedules;
        this.snapshots = snapshots;
        this.announcer = announcer;
        this.patience = patience;
    }

    @Override
    public Outcome handle(Command.RunSchedule c, Work work) throws IOException, InterruptedException {
        return switch (store.schedules().find(c.instance())) {
            case Found.Damaged<ScheduleManifest> damaged -> Damage.reject(damaged);
            case Found.Present<ScheduleManifest>(var found)
            when !found.deleted() && found.schedule().id().equals(c.schedule()) -> {
                announcer.announce(found);
                yield run(c, found, work);
            }
            case Found.Present<ScheduleManifest> _, Found.Absent<ScheduleManifest> _ ->
                new Outcome.Rejected(ScheduleHandler.notFound(c.schedule()));
        };
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
    private Outcome again(Command.RunSchedule c, ScheduleManifest found, Work work)
            throws IOException, InterruptedException {
        var schedule = found.schedule();
        if (schedule.orphaned()) {
            return goneAway(c);
        }
        if (schedule.lastError() != null && c.missed() == null) {
            return new Outcome.Failed(schedule.lastError());
        }
        return store.snapshots().find(c.snapshot()) instanceof Found.Present<SnapshotManifest>
                ? snapshot(c, found, work)
                : new Outcome.Scheduled(schedule);
    }

    private static Outcome goneAway(Command.RunSchedule c) {
        return new Outcome.Rejected(Refusal.notFound("instance not found: " + c.instance()));
    }

    private Outcome take(Command.RunSchedule c, ScheduleManifest begun, Work work)
            throws IOException, InterruptedException {
        Outcome outcome;
        try {
            outcome = snapshot(c, begun, work);
        } catch (IOException | RuntimeException e) {
            if (!patience.stopping()) {
                note(begun, why(e, work), c, work);
            }
            throw e;
        }
        note(begun, problem(outcome), c, work);
        return outcome;
    }

    private Outcome snapshot(Command.RunSchedule c, ScheduleManifest begun, Work work)
            throws IOException, InterruptedException {
        return switch (store.instances().find(c.instance())) {
            case Found.Absent<InstanceManifest> _ -> goneAway(c);
            case Found.Damaged<InstanceManifest> damaged -> Damage.reject(damaged);
            case Found.Present<InstanceManifest>(var source) -> {
                var schedule = begun.schedule();
                var began = Objects.requireNonNullElse(schedule.lastRunAt(), work.started());
                try {
                    yield snapshots.handle(
                            new Command.CreateSnapshot(
                                    c.snapshot(),
                                    c.instance(),
                                    Cadence.kind(source.instance().state()),
                                    schedule.snapshotName(began),
                                    schedule.snapshotTags(),
                                    null),
                            work);
                } catch (RefusedException e) {
                    yield new Outcome.Rejected(e.refusal());
                }
            }
        };
    }

    private static @Nullable String problem(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded _, Outcome.Scheduled _ -> null;
            case Outcome.Rejected(var refusal) -> refusal.message();
            case Outcome.Failed(var reason) -> reason;
            case Outcome.Cancelled(var reason) -> reason;
        };
    }

    private static String why(Exception failure, Work work) {
        return switch (failure) {
            case IOException e -> Failures.explain(e);
            case CancellationException e when work.cancelled() -> Outcome.Cancelled.ON_REQUEST.reason();
            default -> Failures.unexpected(work.operation());
        };
    }

    private void note(ScheduleManifest begun, @Nullable String problem, Command.RunSchedule c, Work work) {
        var schedule = begun.schedule();
        try {
            var unused = problem == null
                    ? schedules.commit(
                            begun, schedule.succeeded(c.snapshot()), EventType.SCHEDULE_RUN_COMPLETED, true, work)
                    : schedules.commit(begun, schedule.failed(cut(problem)), EventType.SCHEDULE_RUN_FAILED, true, work);
        } catch (IOException e) {
            // The command's end says what became of the run; the schedule shows it as begun until the next one begins.
            LOG.warnf("schedule=%s does not show how its run ended: %s", c.schedule(), e.toString());
        }
    }

    /** Every event of the schedule carries it. */
    private static String cut(String text) {
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR) + "…";
    }
}
