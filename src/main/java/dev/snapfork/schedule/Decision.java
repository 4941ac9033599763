package dev.snapfork.schedule;

import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.Cadence;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.time.Instant;
import java.util.Objects;

/** Decides what is to be done about a schedule: a pure function of what is known and the time. */
final class Decision {
    private static final String NOT_BEGUN = "the run was not begun";

    private Decision() {}

    static Step of(Turn turn, Instant now) {
        var schedule = turn.schedule();
        if (schedule == null) {
            return new Step.Forget();
        }
        if (turn.outdated()) {
            // what it says was due, and how much was kept, may long be otherwise
            return new Step.Wait();
        }
        if (schedule.orphaned()) {
            return new Step.Retain(schedule);
        }
        return isDue(schedule, now) ? due(turn, schedule) : behind(turn, schedule);
    }

    /** Also due is what a clock that was ahead has set to a time that it should not have. */
    private static boolean isDue(SnapshotSchedule schedule, Instant now) {
        return !schedule.nextRunAt().isAfter(now)
                || now.isBefore(Cadence.plausibleFrom(
                        schedule.nextRunAt(), schedule.interval().value()));
    }

    private static Step due(Turn turn, SnapshotSchedule schedule) {
        if (!commandFor(schedule, turn.attempt()).equals(turn.published())) {
            return isInWork(turn, schedule) ? new Step.Wait() : new Step.Run(schedule, 0, null);
        }
        if (turn.end() != null) {
            // and the run is due all the same: it was cancelled, or failed, before it could begin
            return new Step.Run(
                    schedule,
                    turn.attempt() + 1,
                    Objects.requireNonNullElse(turn.end().error(), NOT_BEGUN));
        }
        return turn.stale()
                ? new Step.Run(schedule, turn.attempt(), turn.attempt() == 0 ? null : NOT_BEGUN)
                : new Step.Wait();
    }

    /** The run before is not over: the next one comes after it, and not on top. */
    private static boolean isInWork(Turn turn, SnapshotSchedule schedule) {
        return turn.published() != null && turn.published().equals(schedule.currentOperationId()) && turn.end() == null;
    }

    private static Step behind(Turn turn, SnapshotSchedule schedule) {
        if (!turn.awaiting()) {
            return new Step.Rest();
        }
        if (turn.end() == null) {
            return turn.stale() ? new Step.Rest() : new Step.Wait();
        }
        if (turn.end().status() != OperationStatus.SUCCEEDED || schedule.lastError() != null) {
            return new Step.Rest();
        }
        return turn.snapshotShown() ? new Step.Retain(schedule) : new Step.Wait();
    }

    /** The command for the run that comes next: the same, whoever asks, until the run has begun or is set to another time. */
    static OperationId commandFor(SnapshotSchedule schedule, int attempt) {
        return new OperationId(Cuid.derived("run %d of schedule %s due %s, attempt %d"
                .formatted(schedule.runs() + 1, schedule.id(), schedule.nextRunAt(), attempt)));
    }
}
