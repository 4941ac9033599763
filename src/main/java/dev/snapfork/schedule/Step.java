package dev.snapfork.schedule;

import dev.snapfork.snapshot.SnapshotSchedule;
import org.jspecify.annotations.Nullable;

/** What is to be done about a schedule now. */
sealed interface Step {
    /**
     * Publish the command for the run that is due.
     *
     * @param attempt which command for the run it is, from 0
     * @param missed why the one before ended without the run having begun; null for the first
     */
    record Run(
            SnapshotSchedule schedule,
            int attempt,
            @Nullable String missed) implements Step {}

    /** Look again in a while. */
    record Wait() implements Step {}

    /** Delete what the schedule keeps no longer. */
    record Retain(SnapshotSchedule schedule) implements Step {}

    /** Nothing, until the next run is due. */
    record Rest() implements Step {}

    /** The schedule is gone. */
    record Forget() implements Step {}
}
