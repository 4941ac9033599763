package dev.snapfork.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.snapfork.operation.Cuid;

/** Names a snapshot schedule from its making to its deletion; another one of the same instance has another id. */
public record ScheduleId(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ScheduleId {
        Cuid.require(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
