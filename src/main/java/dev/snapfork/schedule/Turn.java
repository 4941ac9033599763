package dev.snapfork.schedule;

import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SnapshotSchedule;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that this process may look after for a while, and what is known of it.
 *
 * @param schedule as the read model shows it; null if it is not there any more
 * @param outdated whether newer versions have been seen: the read model is being made anew
 * @param published the command that was last published for a run; null if none is remembered
 * @param attempt which command for that run it is, from 0
 * @param stale whether that was so long ago that it may be lost
 * @param awaiting whether what follows from that run is still to be done
 * @param round counts the times that retention was gone through since the instance was gone
 * @param end how that command ended; null if it has not, as far as the read model knows. The schedule is shown as it was then, or newer
 * @param snapshotShown whether the read model knows the snapshot that the schedule made last
 */
record Turn(
        ScheduleId id,
        @Nullable SnapshotSchedule schedule,
        boolean outdated,
        @Nullable OperationId published,
        int attempt,
        boolean stale,
        boolean awaiting,
        long round,
        @Nullable End end,
        boolean snapshotShown) {

    /** @param error why it made nothing; null if it did */
    record End(OperationStatus status, @Nullable String error) {}
}
