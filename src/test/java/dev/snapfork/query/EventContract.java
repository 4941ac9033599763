package dev.snapfork.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventCodec;
import dev.snapfork.event.EventType;
import dev.snapfork.log.WireJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds events to their published schemas, and what they say has changed to what has. Not thread-safe. */
public final class EventContract {
    private static final EventSchemas SCHEMAS = new EventSchemas();
    private static final Map<EventType, JsonSchema> COMPILED = compiled();

    private final Map<String, Told> last = new HashMap<>();

    private record Told(long sequence, JsonNode state) {}

    private static Map<EventType, JsonSchema> compiled() {
        var factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        var config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        return Arrays.stream(EventType.values())
                .collect(Collectors.toMap(
                        type -> type,
                        type -> factory.getSchema(closed(SCHEMAS.of(type)), config),
                        (first, second) -> first,
                        () -> new EnumMap<>(EventType.class)));
    }

    /** What a schema does not name is not published: nothing else may be there. */
    private static JsonNode closed(JsonNode schema) {
        if (schema.has("properties") && schema instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
            object.put("additionalProperties", false);
        }
        schema.forEach(EventContract::closed);
        return schema;
    }

    /** Fails if the event is not what it is published to be. */
    public void check(Event event) {
        var data = json(EventCodec.data(event));
        checkData(event.type(), data);
        if (!(event instanceof Event.OperationSettled)) {
            checkChange(event, data.iterator().next());
        }
    }

    /** Fails if the data are not those of such an event. */
    public static void checkData(EventType type, JsonNode data) {
        var problems = Objects.requireNonNull(COMPILED.get(type)).validate(data);
        if (!problems.isEmpty()) {
            throw new AssertionError(type.wireName() + " breaks its schema: " + problems + " in " + data);
        }
    }

    private void checkChange(Event event, JsonNode state) {
        var before = last.put(event.aggregateId(), new Told(event.sequence(), state));
        if (before == null || before.sequence() + 1 != event.sequence()) {
            return;
        }
        var changed = differences(before.state(), state);
        changed.remove("version");
        changed.removeAll(event.type().changed());
        if (!changed.isEmpty()) {
            throw new AssertionError(event.type().wireName() + " does not say that " + changed + " may change: "
                    + before.state() + " became " + state);
        }
    }

    private static Set<String> differences(JsonNode before, JsonNode after) {
        var names = new HashSet<String>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> before.path(name).equals(after.path(name)));
        return names;
    }

    private static JsonNode json(byte[] data) {
        try {
            return WireJson.mapper().readTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
