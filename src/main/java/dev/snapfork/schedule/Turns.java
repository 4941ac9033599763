package dev.snapfork.schedule;

import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What schedulers agree on, and what they know. Throws if the database does not answer in time. */
interface Turns {
    /**
     * Takes schedules that something is to be done about, longest waiting first. Nobody else gets them before the lease is over or
     * they are given back with one of the methods below.
     */
    List<Turn> claim(Instant now, int most, Duration lease);

    /** Remembers the command for a run, and gives the schedule back. */
    void published(ScheduleId id, OperationId command, int attempt, Duration lookAgain);

    /** Gives the schedule back, to be looked at again after a while. */
    void hold(ScheduleId id, Duration lookAgain);

    /** Gives the schedule back, to be looked at when its next run is due. */
    void rest(ScheduleId id);

    /** As {@link #hold}, and counts the round. */
    void nextRound(ScheduleId id, Duration lookAgain);

    /** There is no such schedule any more. */
    void forget(ScheduleId id);

    /**
     * Snapshots that the schedules of the instance have made and retention does not keep, oldest first; without those whose deletion
     * was asked for since a given time.
     */
    List<SnapshotId> expired(SnapshotSchedule schedule, Instant now, Instant askedSince, int most);

    /** How many snapshots there are that the schedules of the instance have made. */
    long made(SnapshotSchedule schedule);

    /** Forgets about schedules that have been gone for a day. */
    void tidy();
}
