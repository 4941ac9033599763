package dev.snapfork.rest;

import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.snapshot.SnapshotKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body that asks for a snapshot; absent tags are empty. */
record CreateSnapshotRequest(
        SnapshotKind kind,
        @Nullable String name,
        Map<String, String> tags,
        @Nullable CompressionConfig compression) {

    @SuppressWarnings("NullAway") // absent tags arrive as null from JSON
    CreateSnapshotRequest {
        tags = tags == null ? Map.of() : Map.copyOf(tags);
    }
}
