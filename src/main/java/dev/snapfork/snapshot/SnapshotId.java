package dev.snapfork.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.snapfork.operation.Cuid;

/** Names a snapshot; also its directory below {@code snapshots/}. */
public record SnapshotId(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public SnapshotId {
        Cuid.require(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
