package dev.snapfork.cache;

import dev.snapfork.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The entries, least recently used first, and what they may occupy. An entry that is being copied is pinned: it is not chosen
 * to make room, and if it has to go it is unlinked when the last copy of it has ended. What is in work outside this class's
 * monitor is copying and unlinking, nothing else.
 */
final class Shelf {
    /** One file. Guarded by the shelf. */
    static final class Entry {
        private final MemoryKey key;
        private final Path file;
        private final long bytes;
        private final Set<SnapshotId> users;
        private int pins;
        private boolean doomed;

        private Entry(MemoryKey key, Path file, long bytes, Set<SnapshotId> users) {
            this.key = key;
            this.file = file;
            this.bytes = bytes;
            this.users = users;
        }

        Path file() {
            return file;
        }

        long bytes() {
            return bytes;
        }
    }

    private final LinkedHashMap<MemoryKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Space space;
    private final Consumer<IOException> complaints;
    private long bytes;
    private long named;
    private long hits;
    private long misses;
    private long evictions;
    private long failures;

    Shelf(Space space, Consumer<IOException> complaints) {
        this.space = space;
        this.complaints = complaints;
    }

    boolean isOff() {
        return space.isOff();
    }

    boolean copiesAreFree() {
        return space.copiesAreFree();
    }

    /** Finds an entry and pins it. */
    synchronized @Nullable Entry take(MemoryKey key, SnapshotId user) {
        var entry = entries.get(key);
        if (entry != null) {
            hits++;
            entry.pins++;
            entry.users.add(user);
        }
        return entry;
    }

    void release(Entry entry) {
        synchronized (this) {
            entry.pins--;
            if (!entry.doomed || entry.pins > 0) {
                return;
            }
        }
        unlink(List.of(entry));
    }

    synchronized void missed() {
        misses++;
    }

    /**
     * Copies a file in, after the least recently used have made room for it.
     *
     * @param users the snapshots that have this memory; if none is left at the end, because they were deleted, it is not kept
     * @return false if that could not be; nothing is left of it then
     */
    boolean put(MemoryKey key, Set<SnapshotId> users, Path memory) {
        var size = 0L;
        var file = space.file(nextName());
        try {
            size = space.allocated(memory);
            if (!reserve(size)) {
                return false;
            }
        } catch (IOException e) {
            failed(e);
            return false;
        }
        try {
            space.copy(memory, file);
        } catch (IOException e) {
            unlink(List.of(new Entry(key, file, size, users)));
            failed(e);
            return false;
        }
        var entry = new Entry(key, file, size, users);
        if (!add(entry)) {
            unlink(List.of(entry));
            return false;
        }
        return true;
    }

    private synchronized String nextName() {
        return Long.toString(++named);
    }

    private boolean reserve(long size) throws IOException {
        List<Entry> victims;
        boolean fits;
        synchronized (this) {
            var limit = space.limit(bytes);
            victims = size <= limit ? leastRecentlyUsedBeyond(limit - size) : List.of();
            var going = victims.stream().mapToLong(victim -> victim.bytes).sum();
            fits = bytes - going + size <= limit;
            if (fits) {
                bytes += size;
            }
        }
        unlink(victims);
        return fits;
    }

    /** Takes out unpinned entries until the rest is within the limit, or until there are no more. */
    private List<Entry> leastRecentlyUsedBeyond(long limit) {
        var victims = new ArrayList<Entry>();
        var left = bytes;
        for (var all = entries.values().iterator(); all.hasNext() && left > limit; ) {
            var entry = all.next();
            if (entry.pins == 0) {
                all.remove();
                victims.add(entry);
                left -= entry.bytes;
                evictions++;
            }
        }
        return victims;
    }

    private synchronized boolean add(Entry entry) {
        return !entry.users.isEmpty() && entries.putIfAbsent(entry.key, entry) == null;
    }

    private void unlink(List<Entry> gone) {
        for (var entry : gone) {
            try {
                Files.deleteIfExists(entry.file);
            } catch (IOException e) {
                failed(e);
            }
            synchronized (this) {
                bytes -= entry.bytes;
            }
        }
    }

    private void failed(IOException e) {
        synchronized (this) {
            failures++;
        }
        complaints.accept(e);
    }

    /** Takes an entry out that is of no use. */
    void discard(Entry entry) {
        dropIf(entry::equals);
    }

    void forget(SnapshotId snapshot) {
        dropIf(entry -> entry.users.remove(snapshot) && entry.users.isEmpty());
    }

    void retain(Predicate<SnapshotId> exists) {
        dropIf(entry -> entry.users.removeIf(exists.negate()) && entry.users.isEmpty());
    }

    /** Unlinks what nobody is copying; returns the bytes. */
    long evictUnused() {
        return evictBeyond(0);
    }

    /** Evicts what is beyond the limit since the disk has filled up. */
    void trim() {
        try {
            evictBeyond(space.limit(figures().bytes()));
        } catch (IOException e) {
            failed(e);
        }
    }

    private long evictBeyond(long limit) {
        List<Entry> victims;
        synchronized (this) {
            victims = leastRecentlyUsedBeyond(limit);
        }
        unlink(victims);
        return victims.stream().mapToLong(victim -> victim.bytes).sum();
    }

    private void dropIf(Predicate<Entry> unwanted) {
        var gone = new ArrayList<Entry>();
        synchronized (this) {
            for (var all = entries.values().iterator(); all.hasNext(); ) {
                var entry = all.next();
                if (unwanted.test(entry)) {
                    all.remove();
                    entry.doomed = true;
                    if (entry.pins == 0) {
                        gone.add(entry);
                    }
                }
            }
        }
        unlink(gone);
    }

    synchronized CacheFigures figures() {
        return new CacheFigures(hits, misses, evictions, failures, bytes, entries.size());
    }
}
