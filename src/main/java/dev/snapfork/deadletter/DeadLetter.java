package dev.snapfork.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.snapfork.operation.Cuid;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be handled.
 *
 * @param id follows from the three after it, so that a record that is buried twice is one letter
 * @param reason why, for whoever runs the service
 * @param operationId the command's operation, if it was a command that said so
 * @param valueBytes length of the record's value; 0 also where it had none
 * @param content null where only the letter's envelope is asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetter(
        String id,
        String topic,
        int partition,
        long offset,
        @Nullable Octets key,
        String reason,
        @Nullable String operationId,
        Instant diedAt,
        long valueBytes,
        @Nullable Content content) {

    /** One header, in the order of the record; a NUL in the name stands as {@code %00}, and a {@code %} as {@code %25}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Header(String name, @Nullable Octets value) {}

    /**
     * What the record held.
     *
     * @param value null if it had none
     * @param omitted whether headers and value were too large to be kept; they lie where the record came from
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Content(List<Header> headers, @Nullable Octets value, boolean omitted) {
        public Content {
            headers = List.copyOf(headers);
        }
    }

    public DeadLetter {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(diedAt, "died_at");
    }

    /** The letter of the record that lies there. */
    public static String idOf(String topic, int partition, long offset) {
        return Cuid.derived("dead letter " + topic + "-" + partition + "-" + offset);
    }

    public DeadLetter withoutContent() {
        return new DeadLetter(id, topic, partition, offset, key, reason, operationId, diedAt, valueBytes, null);
    }

    public DeadLetter with(Content what) {
        return new DeadLetter(id, topic, partition, offset, key, reason, operationId, diedAt, valueBytes, what);
    }
}
