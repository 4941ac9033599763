package dev.snapfork.event;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serializer;

/** Writes the id only. */
public final class EventKeySerializer implements Serializer<EventKey> {
    @Override
    public byte[] serialize(String topic, EventKey key) {
        return key.id().getBytes(StandardCharsets.UTF_8);
    }
}
