package dev.snapfork.event;

import dev.snapfork.log.CloudEvent;
import dev.snapfork.log.StructuredEvent;
import dev.snapfork.log.UnreadableRecordException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** An event as it lies in the log. */
record LoggedEvent(EventType type, CloudEvent attributes, ConsumerRecord<byte[], byte[]> record) {
    /** Empty for a tombstone, and for what this version cannot read: that is the projection's to bury. */
    static Optional<LoggedEvent> of(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            var attributes = CloudEvent.of(record.headers());
            return Optional.of(new LoggedEvent(EventType.parse(attributes.type()), attributes, record));
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        }
    }

    String json() {
        return StructuredEvent.json(attributes, record.value());
    }
}
