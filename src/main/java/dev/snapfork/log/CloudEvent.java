package dev.snapfork.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The attributes of a CloudEvent with JSON data, as the Kafka protocol binding's binary mode carries it: attributes in {@code ce_*} headers.
 *
 * @param extensions further attributes: names of lowercase letters and digits
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 *     protocol binding</a>
 */
public record CloudEvent(
        String id, String type, String source, String subject, Instant time, Map<String, String> extensions) {
    private static final String PREFIX = "ce_";

    public CloudEvent {
        extensions = Map.copyOf(extensions);
    }

    /** The Kafka record's headers; its value is the event's data. */
    public Headers headers() {
        var headers = new RecordHeaders();
        headers.add("content-type", utf8("application/json"));
        headers.add(PREFIX + "specversion", utf8("1.0"));
        headers.add(PREFIX + "id", utf8(id));
        headers.add(PREFIX + "type", utf8(type));
        headers.add(PREFIX + "source", utf8(source));
        headers.add(PREFIX + "subject", utf8(subject));
        headers.add(PREFIX + "time", utf8(time.toString()));
        extensions.forEach((name, value) -> headers.add(PREFIX + name, utf8(value)));
        return headers;
    }

    /** @throws UnreadableRecordException if a required attribute is missing or cannot be read */
    public static CloudEvent of(Headers headers) {
        var attributes = new HashMap<String, String>();
        for (var header : headers) {
            if (header.key().startsWith(PREFIX) && header.value() != null) {
                attributes.put(
                        header.key().substring(PREFIX.length()), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        if (!"1.0".equals(attributes.remove("specversion"))) {
            throw new UnreadableRecordException("no CloudEvent 1.0: header ce_specversion is missing or different");
        }
        return new CloudEvent(
                take(attributes, "id"),
                take(attributes, "type"),
                take(attributes, "source"),
                take(attributes, "subject"),
                instant(take(attributes, "time")),
                attributes);
    }

    private static String take(Map<String, String> attributes, String name) {
        var value = attributes.remove(name);
        if (value == null) {
            throw new UnreadableRecordException("header " + PREFIX + name + " is missing");
        }
        return value;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new UnreadableRecordException("header ce_time is no RFC 3339 time: " + text, e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
