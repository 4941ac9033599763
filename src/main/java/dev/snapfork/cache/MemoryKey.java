package dev.snapfork.cache;

import dev.snapfork.file.ContentDigest;
import dev.snapfork.snapshot.SnapshotId;
import org.jspecify.annotations.Nullable;

/** What an entry is found by. */
public record MemoryKey(String value) {
    /**
     * The key of a snapshot's memory: its content, so that compressing anew changes nothing and equal memory is kept once. Of
     * adopted snapshots the content is not known before they are compressed here; their id will do, as memory never changes.
     */
    public static MemoryKey of(SnapshotId snapshot, @Nullable ContentDigest rawDigest) {
        return new MemoryKey(rawDigest == null ? snapshot.value() : rawDigest.value());
    }
}
