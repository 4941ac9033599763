package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.snapfork.operation.Cuid;

/** Names an instance; also its directory below {@code guests/}. */
public record InstanceId(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public InstanceId {
        Cuid.require(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
