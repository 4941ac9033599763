package dev.snapfork.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.snapfork.event.EventType;
import dev.snapfork.log.WireJson;
import jakarta.inject.Singleton;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * What the data of each type of event look like, in JSON Schema 2020-12. The states are those that the API answers with: their schemas
 * are taken from the OpenAPI document, of whose version that is the dialect.
 */
@Singleton
class EventSchemas {
    private static final String DOCUMENT = "/META-INF/openapi.yaml";
    private static final String COMPONENTS = "#/components/schemas/";
    private static final String DEFINITIONS = "#/$defs/";
    private static final String REFERENCE = "$ref";

    private final JsonNode schemas;

    EventSchemas() {
        try (var stream = EventSchemas.class.getResourceAsStream(DOCUMENT)) {
            if (stream == null) {
                throw new FileNotFoundException(DOCUMENT + " is not on the class path");
            }
            schemas = new YAMLMapper().readTree(stream).required("components").required("schemas");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of the schema that the data of such events have. */
    static String name(EventType type) {
        var aggregate = type.aggregate().name();
        return aggregate.charAt(0) + aggregate.substring(1).toLowerCase(Locale.ROOT) + "EventData";
    }

    /** A schema that needs no other document. */
    ObjectNode of(EventType type) {
        var schema = WireJson.mapper()
                .createObjectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("$id", "/schemas/" + type.wireName())
                .put("title", type.wireName())
                .put("description", type.summary())
                .put(REFERENCE, DEFINITIONS + name(type));
        schema.set("$defs", withAllItNames(name(type)));
        return schema;
    }

    /** A schema by its name, and those that it names, and so on, as definitions of one document. */
    private ObjectNode withAllItNames(String name) {
        var found = withAllTheyName(List.of(name));
        found.forEach(EventSchemas::redirect);
        return found;
    }

    /** The schemas of these names, and those that they name, and so on, as components of one document. */
    ObjectNode withAllTheyName(Collection<String> names) {
        var found = new TreeMap<String, JsonNode>();
        var open = new ArrayDeque<>(names);
        while (!open.isEmpty()) {
            var next = open.remove();
            if (!found.containsKey(next)) {
                var schema = schemas.required(next).deepCopy();
                schema.findValuesAsText(REFERENCE)
                        .forEach(reference -> open.add(reference.substring(COMPONENTS.length())));
                found.put(next, schema);
            }
        }
        return WireJson.mapper().createObjectNode().setAll(found);
    }

    /** Where such a schema is among the components. */
    static String reference(String name) {
        return COMPONENTS + name;
    }

    /** Has references lead to definitions instead of components. */
    private static void redirect(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.get(REFERENCE) instanceof TextNode reference) {
            object.put(REFERENCE, DEFINITIONS + reference.textValue().substring(COMPONENTS.length()));
        }
        schema.forEach(EventSchemas::redirect);
    }
}
