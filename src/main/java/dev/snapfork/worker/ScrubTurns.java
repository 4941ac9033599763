package dev.snapfork.worker;

import dev.snapfork.snapshot.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deals out the snapshots that are to be verified among all workers, so that each is one worker's concern at a time. Calls block for a
 * bounded time; a turn whose worker died ends by itself.
 */
interface ScrubTurns {
    /**
     * A snapshot that is due.
     *
     * @param checkedAt when it was verified last; null if it never was
     */
    record Turn(SnapshotId snapshot, @Nullable Instant checkedAt) {}

    /**
     * Takes the snapshot whose last verification, or whose making, is the longest ago.
     *
     * @param before of what happened later nothing is due
     * @param lease how long the turn is the worker's, unless it takes it again
     */
    Optional<Turn> take(String worker, Instant before, Duration lease);

    /** Keeps the turn for so long from now on; to no effect if another worker has it. */
    void keep(String worker, SnapshotId snapshot, Duration lease);
}
