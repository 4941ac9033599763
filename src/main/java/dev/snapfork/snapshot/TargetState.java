package dev.snapfork.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.snapfork.instance.InstanceState;

/** The state that a fork or restore ends in. */
public enum TargetState {
    STOPPED(InstanceState.STOPPED),
    STANDBY(InstanceState.STANDBY),
    RUNNING(InstanceState.RUNNING);

    private final InstanceState state;

    TargetState(InstanceState state) {
        this.state = state;
    }

    public InstanceState state() {
        return state;
    }

    @JsonValue
    public String text() {
        return state.text();
    }

    /** @throws IllegalArgumentException naming the allowed values */
    @JsonCreator
    public static TargetState parse(String text) {
        return switch (text) {
            case "Stopped" -> STOPPED;
            case "Standby" -> STANDBY;
            case "Running" -> RUNNING;
            default ->
                throw new IllegalArgumentException(
                        "target_state must be one of Stopped, Standby, Running, got " + text);
        };
    }
}
