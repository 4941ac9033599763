package dev.snapfork.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.event.EventType;
import dev.snapfork.log.Topics;
import dev.snapfork.log.WireJson;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What others may read from Kafka, described as AsyncAPI 3: it is made of the types of events that this version knows.
 *
 * @see <a href="https://www.asyncapi.com/docs/reference/specification/v3.0.0">AsyncAPI 3.0</a>
 */
@Singleton
class AsyncApi {
    private static final String OPERATION = "Operation";
    private static final String PROGRESS = "progress";
    private static final String EVENTS = "events";

    private final EventSchemas schemas;
    private final String version;

    AsyncApi(EventSchemas schemas, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.schemas = schemas;
        this.version = version;
    }

    String json() {
        var document = node().put("asyncapi", "3.0.0");
        document.set("info", info());
        document.put("defaultContentType", "application/json");
        document.putObject("channels").set(EVENTS, eventsChannel());
        document.withObject("/channels").set(PROGRESS, progressChannel());
        document.putObject("operations").set("followEvents", receive(EVENTS, "Follow what happens"));
        document.withObject("/operations").set("followProgress", receive(PROGRESS, "Follow how far operations are"));
        document.set("components", components());
        return document.toPrettyString();
    }

    private ObjectNode info() {
        return node().put("title", "Snapfork events")
                .put("version", version)
                .put(
                        "description",
                        "One CloudEvent 1.0 for each change, in binary mode: attributes in `ce_*` headers, the data as JSON in the value, "
                                + "the aggregate's id as the key. `ce_sequence` counts the changes of an aggregate without gaps (those of "
                                + "findings, whose key is `{id}/health`, may have gaps). The same `ce_id` may come twice. After a deletion "
                                + "comes a tombstone: a record without a value. Types are frozen: what a consumer of a type relies on stays.");
    }

    private static ObjectNode eventsChannel() {
        var channel = node().put("address", Topics.EVENTS)
                .put("title", "The ledger")
                .put(
                        "description",
                        "All changes of recent history, and the last state of everything for ever: cleanup.policy is compact,delete with a "
                                + "long min.compaction.lag.ms and no retention limit. Read it from the beginning for what there is, then on.");
        var messages = channel.putObject("messages");
        for (var type : EventType.values()) {
            messages.putObject(type.wireName()).put("$ref", "#/components/messages/" + type.wireName());
        }
        channel.putObject("bindings")
                .putObject("kafka")
                .put("topic", Topics.EVENTS)
                .put("bindingVersion", "0.5.0");
        return channel;
    }

    private static ObjectNode progressChannel() {
        var channel = node().put("address", Topics.PROGRESS)
                .put("title", "Progress")
                .put("description", "How far operations are, kept for an hour. The key is the operation's id.");
        channel.putObject("messages").putObject(PROGRESS).put("$ref", "#/components/messages/" + PROGRESS);
        channel.putObject("bindings")
                .putObject("kafka")
                .put("topic", Topics.PROGRESS)
                .put("bindingVersion", "0.5.0");
        return channel;
    }

    private static ObjectNode receive(String channel, String summary) {
        var operation = node().put("action", "receive").put("summary", summary);
        operation.putObject("channel").put("$ref", "#/channels/" + channel);
        return operation;
    }

    private ObjectNode components() {
        var components = node();
        var messages = components.putObject("messages");
        for (var type : EventType.values()) {
            var message = messages.putObject(type.wireName())
                    .put("name", type.wireName())
                    .put("title", type.summary())
                    .put("contentType", "application/json");
            message.putObject("headers").put("$ref", "#/components/schemas/CloudEventHeaders");
            message.putObject("payload").put("$ref", EventSchemas.reference(EventSchemas.name(type)));
            key(
                    message,
                    "Id of the "
                            + (type.aggregate() == EventType.Aggregate.HEALTH ? "subject, then /health" : "aggregate"));
        }
        var progress = messages.putObject(PROGRESS).put("name", PROGRESS).put("title", "How far an operation is");
        progress.putObject("payload").put("$ref", EventSchemas.reference(OPERATION));
        key(progress, "Id of the operation");
        components.set("schemas", allSchemas());
        return components;
    }

    private static void key(ObjectNode message, String description) {
        var binding = message.putObject("bindings").putObject("kafka").put("bindingVersion", "0.5.0");
        binding.putObject("key").put("type", "string").put("description", description);
    }

    /** Under the names that they have in the OpenAPI document: within a schema too a reference leads from the top of this document. */
    private ObjectNode allSchemas() {
        var names = Stream.concat(Arrays.stream(EventType.values()).map(EventSchemas::name), Stream.of(OPERATION));
        var all = schemas.withAllTheyName(names.distinct().toList());
        all.set("CloudEventHeaders", headers());
        return all;
    }

    private static ObjectNode headers() {
        var headers = node().put("type", "object");
        var required = headers.putArray("required");
        var properties = headers.putObject("properties");
        for (var header : EventHeader.values()) {
            properties.putObject(header.text()).put("type", "string").put("description", header.description());
            if (header.isAlwaysThere()) {
                required.add(header.text());
            }
        }
        return headers;
    }

    private static ObjectNode node() {
        return WireJson.mapper().createObjectNode();
    }
}
