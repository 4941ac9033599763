package dev.snapfork.cache;

import dev.snapfork.file.SparseFile;
import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the decoded memory of compressed snapshots, so that many forks of one cost one decoding. For use by many threads.
 *
 * <p>When memory is kept: the first fork decodes straight into its own file, and must not pay for forks that may never come.
 * Where the filesystem shares blocks, that file is then cloned into the cache, which costs nothing to speak of. Elsewhere a copy
 * costs as much as writing the file did; so it is made only if others wait for this very memory, or if it was asked for before
 * (among the last 1024): the second fork pays the copy, and all after it copy data extents without decoding. The file is
 * copied before the fork is published, since later its machine may write to it.
 *
 * <p>Entries were verified by whoever decoded them, live no longer than the process, and are not synced: after a crash there
 * are none. They occupy at most the configured bytes and never more than a quarter of what the disk would have free without
 * them; the least recently used go first.
 */
public final class MemoryCache implements AutoCloseable {
    private final @Nullable OwnDirectory directory;
    private final Shelf shelf;
    private final Flights flights;

    MemoryCache(@Nullable OwnDirectory directory, Space space, Duration waitLimit, Consumer<IOException> complaints) {
        this.directory = directory;
        this.shelf = new Shelf(space, complaints);
        this.flights = new Flights(shelf, waitLimit);
    }

    /**
     * Opens an empty cache in a directory of its own, and removes what processes that ended have left beside it.
     *
     * @param parent shared by all processes of a data directory, on its filesystem; made if it is not there
     * @param maxBytes what all entries together may occupy on disk; 0 turns the cache off
     * @param waitLimit how long to wait for another's decoding before decoding oneself
     * @param complaints hears why an entry could not be written or removed; from any thread
     */
    public static MemoryCache open(Path parent, long maxBytes, Duration waitLimit, Consumer<IOException> complaints)
            throws IOException {
        var directory = OwnDirectory.claim(parent);
        var space = new Space(directory.place(), maxBytes, sharesBlocks(directory.place(), complaints));
        return new MemoryCache(directory, space, waitLimit, complaints);
    }

    private static boolean sharesBlocks(Path directory, Consumer<IOException> complaints) {
        try {
            return SparseFile.supportsReflink(directory);
        } catch (IOException e) {
            // the disk is full, say: copies that cost something are good for as long as the process lives
            complaints.accept(e);
            return false;
        }
    }

    /** A cache that keeps nothing. */
    public static MemoryCache off() {
        return new MemoryCache(null, new Space(Path.of(""), 0, false), Duration.ZERO, e -> {});
    }

    /**
     * What to do for a fork that needs this memory; waits while another decodes it.
     *
     * @param cancelled looked at while waiting, several times a second
     * @throws java.util.concurrent.CancellationException once that says so
     */
    public Turn turn(MemoryKey key, SnapshotId asker, BooleanSupplier cancelled) throws InterruptedException {
        shelf.trim();
        return flights.turn(key, asker, cancelled);
    }

    /** Drops what is kept for this snapshot alone; what is being copied, when that is done. */
    public void forget(SnapshotId snapshot) {
        flights.forget(snapshot);
        shelf.forget(snapshot);
    }

    /** Drops what is kept for none but snapshots that do not exist any more, and what the disk has no room for. */
    public void sweep(Predicate<SnapshotId> exists) {
        shelf.retain(exists);
        shelf.trim();
    }

    /** Evicts all that nobody is copying, for somebody who ran out of space. Returns the bytes. */
    public long evictUnused() {
        return shelf.evictUnused();
    }

    public CacheFigures figures() {
        return shelf.figures();
    }

    /** Removes all entries. Copies in progress end well or with an error. */
    @Override
    public void close() throws IOException {
        if (directory != null) {
            directory.close();
        }
    }
}
