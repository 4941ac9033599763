package dev.snapfork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a schema says, as a flat map that can be compared whatever way it is written in: {@code Snapshot.kind#enum} to {@code [Standby,
 * Stopped]}. References are followed; descriptions, examples and defaults are no facts.
 */
final class Facts {
    private static final List<String> BOUNDS = List.of(
            "pattern",
            "format",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "minItems",
            "minProperties",
            "maxProperties");
    static final String NOT_SERVED = "x-not-served";

    private final JsonNode document;
    private final Map<String, String> found = new TreeMap<>();

    private Facts(JsonNode document) {
        this.document = document;
    }

    /** @param schema JSON pointer to it */
    static Map<String, String> of(JsonNode document, String schema, String name) {
        var facts = new Facts(document);
        facts.collect(name, document.at(schema));
        return facts.found;
    }

    private void collect(String path, JsonNode node) {
        if (node.isMissingNode()) {
            throw new AssertionError(path + " leads to no schema");
        }
        if (node.has("$ref")) {
            collect(path, document.at(node.get("$ref").textValue().substring(1)));
            return;
        }
        if (node.has("anyOf")) {
            node.get("anyOf").forEach(branch -> collect(path, branch));
            return;
        }
        types(path, node);
        values(path, node);
        node.path("required").forEach(field -> found.put(path + "#required:" + field.textValue(), "true"));
        BOUNDS.stream()
                .filter(node::has)
                .forEach(bound -> found.put(path + "#" + bound, node.get(bound).asText()));
        node.path("properties").properties().forEach(field -> collect(path + "." + field.getKey(), field.getValue()));
        for (var part : List.of("items", "additionalProperties", "propertyNames")) {
            if (node.has(part)) {
                collect(path + "." + part, node.get(part));
            }
        }
    }

    private void types(String path, JsonNode node) {
        var types = node.get("type");
        for (var type : types.isArray() ? types : List.of(types)) {
            if (type.textValue().equals("null")) {
                found.put(path + "#nullable", "true");
            } else {
                found.put(path + "#type", type.textValue());
            }
        }
        if (node.path("nullable").asBoolean()) {
            found.put(path + "#nullable", "true");
        }
    }

    private void values(String path, JsonNode node) {
        if (node.has("enum")) {
            var values = new ArrayList<String>();
            node.get("enum").forEach(value -> {
                if (!value.isNull()) {
                    values.add(value.asText());
                }
            });
            found.put(path + "#enum", values.stream().sorted().toList().toString());
        }
    }
}
