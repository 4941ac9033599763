package dev.snapfork.log;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * A CloudEvent as one JSON object, its structured mode: what is in headers on Kafka stands beside {@code data}.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">JSON event format</a>
 */
public final class StructuredEvent {
    private StructuredEvent() {}

    /** @param data JSON, which is taken over as it is; readers rely on the producer for that */
    public static String json(CloudEvent event, byte[] data) {
        return WireJson.text(node(event).putRawValue("data", new RawValue(new String(data, StandardCharsets.UTF_8))));
    }

    private static ObjectNode node(CloudEvent event) {
        var node = WireJson.mapper()
                .createObjectNode()
                .put("specversion", "1.0")
                .put("id", event.id())
                .put("type", event.type())
                .put("source", event.source())
                .put("subject", event.subject())
                .put("time", event.time().toString())
                .put("datacontenttype", "application/json");
        new TreeMap<>(event.extensions()).forEach(node::put);
        return node;
    }
}
