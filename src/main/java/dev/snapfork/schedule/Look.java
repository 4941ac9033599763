package dev.snapfork.schedule;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * Looks through the schedules that something is to be done about. A command is published first and remembered after: killed in
 * between, the next one to look publishes the very same command, which the workers do once.
 */
@ApplicationScoped
class Look {
    private static final Logger LOG = Logger.getLogger(Look.class);
    private static final int TOGETHER = 32;
    private static final int BATCHES = 32;
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final Duration LONGEST_ROUND = Duration.ofHours(1);
    /** Deletions that one schedule asks for at once. */
    private static final int PAGE = 100;

    private final Turns turns;
    private final Outbox outbox;
    private final Clock clock;

    Look(Turns turns, Outbox outbox, Clock clock) {
        this.turns = turns;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Does what is to be done now, for a bounded number of schedules. What goes wrong with one concerns that one alone, which is
     * looked at again when its lease is over.
     *
     * @throws RuntimeException if the database does not answer
     */
    void around() {
        for (var batch = 0; batch < BATCHES && !Thread.currentThread().isInterrupted(); batch++) {
            var claimed = turns.claim(now(), TOGETHER, LEASE);
            var end = System.nanoTime() + LEASE.toNanos() / 2;
            for (var turn : claimed) {
                // what is left when half the lease is over is left to whoever comes next
                if (System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
                    attend(turn);
                }
            }
            if (claimed.size() < TOGETHER) {
                return;
            }
        }
    }

    private void attend(Turn turn) {
        try {
            switch (Decision.of(turn, now())) {
                case Step.Run run -> run(run);
                case Step.Retain(var schedule) -> retain(turn, schedule);
                case Step.Wait() -> turns.hold(turn.id(), AGAIN);
                case Step.Rest() -> turns.rest(turn.id());
                case Step.Forget() -> turns.forget(turn.id());
            }
        } catch (RuntimeException e) {
            LOG.warnf("schedule=%s has to wait for its next turn: %s", turn.id(), e.toString());
        }
    }

    private void run(Step.Run step) {
        var schedule = step.schedule();
        var id = Decision.commandFor(schedule, step.attempt());
        publish(
                id,
                new Command.RunSchedule(
                        schedule.id(),
                        schedule.instanceId(),
                        new SnapshotId(Cuid.derived(id + "/snapshot")),
                        schedule.runs() + 1,
                        schedule.nextRunAt(),
                        step.missed()));
        turns.published(schedule.id(), id, step.attempt(), pause(step.attempt()));
        LOG.infof(
                "due: schedule=%s instance=%s run=%d operation=%s",
                schedule.id(), schedule.instanceId(), schedule.runs() + 1, id);
    }

    private static Duration pause(int attempt) {
        var pause = AGAIN.multipliedBy(1L << Math.min(attempt, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private void retain(Turn turn, SnapshotSchedule schedule) {
        var round = schedule.orphaned() ? "round " + turn.round() : "run " + schedule.runs();
        var expired = turns.expired(schedule, now(), askedSince(schedule), PAGE);
        for (var snapshot : expired) {
            var id = Cuid.derived("%s of schedule %s deletes %s".formatted(round, schedule.id(), snapshot));
            publish(new OperationId(id), new Command.DeleteSnapshot(snapshot));
        }
        if (!expired.isEmpty()) {
            LOG.infof("retention: schedule=%s %s deletions=%d", schedule.id(), round, expired.size());
        }
        if (expired.size() == PAGE) {
            turns.hold(turn.id(), AGAIN);
        } else if (!schedule.orphaned()) {
            turns.rest(turn.id());
        } else {
            if (hasNothingLeftToDo(schedule)) {
                var id = Cuid.derived("%s of schedule %s ends it".formatted(round, schedule.id()));
                publish(new OperationId(id), new Command.DeleteSchedule(schedule.id(), schedule.instanceId(), true));
            }
            turns.nextRound(turn.id(), pauseBetweenRounds(schedule));
        }
    }

    /** A deletion that failed is asked for again, by the next run or round. */
    private Instant askedSince(SnapshotSchedule schedule) {
        return schedule.orphaned()
                ? now().minus(pauseBetweenRounds(schedule).dividedBy(2))
                : Objects.requireNonNullElse(schedule.lastRunAt(), schedule.createdAt());
    }

    private static Duration pauseBetweenRounds(SnapshotSchedule schedule) {
        var interval = schedule.interval().value();
        return interval.compareTo(LONGEST_ROUND) < 0 ? interval : LONGEST_ROUND;
    }

    /** Nothing is made any more: what only a count bounds stays as it is, what has an age goes one after the other. */
    private boolean hasNothingLeftToDo(SnapshotSchedule schedule) {
        var left = turns.made(schedule);
        return left == 0
                || (schedule.retention().age().isEmpty()
                        && left <= schedule.retention().count().orElse(Long.MAX_VALUE));
    }

    private void publish(OperationId id, Command command) {
        outbox.publish(new CommandEnvelope(id, now(), command));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
