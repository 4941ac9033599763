package dev.snapfork.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One writer at a time per aggregate, among all threads of all processes that share the data directory. Held only while a
 * manifest is compared and swapped, never while bytes are copied; readers take no lock.
 *
 * <p>Aggregates share {@value #STRIPES} lock files by hash: a file per aggregate could never be removed safely, for whoever
 * waits on it would go on to hold a lock that the next comer does not see. The operating system releases the lock of a process
 * that dies.
 */
final class AggregateLocks {
    static final int STRIPES = 256;
    private static final long POLL_MILLIS = 5;

    /**
     * Shared by the whole JVM: a process that closes any channel on a file loses all its locks on that file, so no second
     * channel on it may ever be opened meanwhile. Bounded by the stripes of the data directories in use.
     */
    private static final Map<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final Path directory;
    private final Duration deadline;

    /** @param deadline how long to wait for the lock before giving up */
    AggregateLocks(Path directory, Duration deadline) throws IOException {
        this.directory = directory.toRealPath();
        this.deadline = deadline;
    }

    interface Guarded<T> {
        T run() throws IOException;
    }

    /**
     * Does the work while nobody else changes the aggregate. Not to be nested.
     *
     * @throws IOException what the work throws, or that the lock could not be had in time, after which nothing was done
     */
    <T> T holding(String id, Guarded<T> work) throws IOException {
        var file = directory.resolve("%02x".formatted(Math.floorMod(id.hashCode(), STRIPES)));
        var until = System.nanoTime() + deadline.toNanos();
        var local = IN_THIS_PROCESS.computeIfAbsent(file, key -> new ReentrantLock());
        try {
            if (!local.tryLock(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                throw late(id);
            }
        } catch (InterruptedException e) {
            throw interrupted(id);
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = acquire(channel, until, id)) {
            return work.run();
        } finally {
            local.unlock();
        }
    }

    /** Polls, because waiting for a file lock has neither a deadline nor an end on interruption. */
    private FileLock acquire(FileChannel channel, long until, String id) throws IOException {
        while (true) {
            var lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() - until >= 0) {
                throw late(id);
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted(id);
            }
        }
    }

    private BusyException late(String id) {
        return new BusyException(
                "another worker has kept " + id + " locked for more than " + deadline.toSeconds() + " s");
    }

    private static IOException interrupted(String id) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the lock on " + id);
    }
}
