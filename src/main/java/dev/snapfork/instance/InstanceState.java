package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** The states of the wire contract. */
public enum InstanceState {
    CREATED("Created"),
    INITIALIZING("Initializing"),
    RUNNING("Running"),
    PAUSED("Paused"),
    SHUTDOWN("Shutdown"),
    /** No VMM runs and no memory is kept. */
    STOPPED("Stopped"),
    /** No VMM runs; memory and device state are kept, the machine can go on from there. */
    STANDBY("Standby"),
    UNKNOWN("Unknown");

    private final String text;

    InstanceState(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException naming the allowed values */
    @JsonCreator
    public static InstanceState parse(String text) {
        return Arrays.stream(values())
                .filter(state -> state.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("state must be one of "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(InstanceState::text).toList()) + ", got " + text));
    }
}
