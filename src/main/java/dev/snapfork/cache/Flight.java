package dev.snapfork.cache;

import dev.snapfork.snapshot.SnapshotId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One decoding in progress and those who wait for it. All but the askers is guarded by {@link Flights}. */
final class Flight {
    final MemoryKey key;
    /** Whether somebody asked for the same not long ago. */
    final boolean askedBefore;

    /** Snapshots on whose behalf it was asked for and that were not deleted since. */
    final Set<SnapshotId> askers = ConcurrentHashMap.newKeySet();

    int waiting;
    boolean ended;
    /** Whether whoever waits had better decode on its own: the cache cannot take this memory. */
    boolean unkept;

    Flight(MemoryKey key, boolean askedBefore) {
        this.key = key;
        this.askedBefore = askedBefore;
    }
}
