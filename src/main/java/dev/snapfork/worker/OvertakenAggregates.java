package dev.snapfork.worker;

import java.util.List;

/**
 * Aggregates of which the event log's last record is not the newest: a worker that stood still while its partition went elsewhere
 * sent it late. Calls block for a bounded time; after a failure the change may or may not stand, and calling again settles it.
 */
interface OvertakenAggregates {
    /** What an aggregate is, and whether it is shown at all. */
    enum Kind {
        SNAPSHOT,
        INSTANCE,
        SCHEDULE,
        /** What was found out about a snapshot or an instance. */
        FINDING,
        DELETED
    }

    /**
     * @param place what the payload store keeps it by: the instance of a schedule, what a finding is about, else the id itself
     * @param at the offset of the late record
     */
    record Overtaken(String id, Kind kind, String place, long at) {}

    /** A page of those whose ids come after that one, in the order of ids; empty if there are no more. */
    List<Overtaken> after(String id);

    /** The aggregate was told of again after it had been read; of no effect if yet another late record has come meanwhile. */
    void toldAgain(Overtaken overtaken);
}
