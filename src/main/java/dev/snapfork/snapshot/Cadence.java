package dev.snapfork.snapshot;

import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** When a schedule runs, and what it then takes: pure functions. */
public final class Cadence {
    private static final int JITTER_PART = 10;
    private static final Duration MAX_JITTER = Duration.ofMinutes(5);

    private Cadence() {}

    /** An interval from now, and a little later for each instance, so that not all run at once. */
    static Instant first(InstanceId instance, Duration interval, Instant now) {
        return now.plus(interval).plus(jitter(instance, interval)).truncatedTo(ChronoUnit.MICROS);
    }

    /** Always the same for an instance and an interval: below a tenth of the interval, and below five minutes. */
    static Duration jitter(InstanceId instance, Duration interval) {
        var tenth = interval.dividedBy(JITTER_PART);
        var bound = (tenth.compareTo(MAX_JITTER) < 0 ? tenth : MAX_JITTER).toNanos();
        var hash = instance.value().chars().asLongStream().reduce(17, (sum, c) -> 1_000_003 * sum + c);
        return Duration.ofNanos(bound == 0 ? 0 : Math.floorMod(hash, bound));
    }

    /**
     * The first time after now that lies whole intervals from the run that is due: those in between are not made up for. A worker
     * whose clock is behind does not run it twice.
     */
    static Instant next(Instant due, Duration interval, Instant now) {
        var late = Duration.between(due, now);
        var passed = late.dividedBy(interval);
        var steps = late.isNegative() && !interval.multipliedBy(passed).equals(late) ? passed : passed + 1;
        return due.plus(interval.multipliedBy(now.isBefore(plausibleFrom(due, interval)) ? steps : Math.max(1, steps)));
    }

    /**
     * No clock that shows less than this has set the run to this time: it was ahead, and has been set back since. The run is due
     * then, or it would not come for as long as the clock was wrong.
     */
    public static Instant plausibleFrom(Instant nextRun, Duration interval) {
        return nextRun.minus(interval).minus(interval).minus(MAX_JITTER);
    }

    /**
     * What is taken of an instance in this state.
     *
     * @throws RefusedException if it is in between two states
     */
    public static SnapshotKind kind(InstanceState state) {
        return switch (state) {
            case RUNNING, STANDBY -> SnapshotKind.STANDBY;
            case STOPPED -> SnapshotKind.STOPPED;
            case CREATED, INITIALIZING, PAUSED, SHUTDOWN, UNKNOWN ->
                throw new RefusedException(Refusal.conflict(
                        "scheduled snapshot requires source in Running, Standby or Stopped, got " + state.text()));
        };
    }
}
