package dev.snapfork.operation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a command and the operation that shows what became of it. */
public record OperationId(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public OperationId {
        Cuid.require(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
