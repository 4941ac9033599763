package dev.snapfork.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a snapshot holds. */
public enum SnapshotKind {
    /** Memory, devices and disks: the machine goes on where it was. */
    STANDBY("Standby"),
    /** Disks only: the machine boots. */
    STOPPED("Stopped");

    private final String text;

    SnapshotKind(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException naming the allowed values */
    @JsonCreator
    public static SnapshotKind parse(String text) {
        return switch (text) {
            case "Standby" -> STANDBY;
            case "Stopped" -> STOPPED;
            default -> throw new IllegalArgumentException("kind must be one of Standby, Stopped, got " + text);
        };
    }
}
