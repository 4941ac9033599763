package dev.snapfork.operation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** What a command asks for; the text form is frozen, it is part of the REST and the Kafka contract. */
public enum OperationKind {
    IMPORT_INSTANCE("instance.import"),
    DELETE_INSTANCE("instance.delete"),
    CREATE_INSTANCE("instance.create"),
    START_INSTANCE("instance.start"),
    STOP_INSTANCE("instance.stop"),
    STANDBY_INSTANCE("instance.standby"),
    RESTORE_INSTANCE("instance.restore"),
    FORK_INSTANCE("instance.fork"),
    /** Compressing the memory of an instance in standby. */
    COMPRESS_STANDBY("instance.compress"),
    CREATE_SNAPSHOT("snapshot.create"),
    RESTORE_SNAPSHOT("snapshot.restore"),
    FORK_SNAPSHOT("snapshot.fork"),
    COMPRESS_SNAPSHOT("snapshot.compress"),
    DELETE_SNAPSHOT("snapshot.delete"),
    VERIFY_SNAPSHOT("snapshot.verify"),
    SET_SCHEDULE("schedule.set"),
    DELETE_SCHEDULE("schedule.delete"),
    RUN_SCHEDULE("schedule.run"),
    /** A command that no worker could read. */
    UNKNOWN("unknown");

    private final String text;

    OperationKind(String text) {
        this.text = text;
    }

    @JsonValue
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException naming the allowed values */
    @JsonCreator
    public static OperationKind parse(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("kind must be one of "
                        + String.join(
                                ", ", Arrays.stream(values()).map(k -> k.text).toList()) + ", got " + text));
    }
}
