package dev.snapfork.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether consumers that rely on a published schema can go on with a later one: everything that the later one allows must be something
 * that the published one led them to expect. New properties are fine, as what is not known is passed over.
 */
final class SchemaCompatibility {
    /** What does not say anything about data. */
    private static final Set<String> WORDS = Set.of("title", "description", "examples", "$id", "$schema", "default");

    private final JsonNode published;
    private final JsonNode later;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> compared = new HashSet<>();

    private SchemaCompatibility(JsonNode published, JsonNode later) {
        this.published = published;
        this.later = later;
    }

    /** What consumers would stumble over; empty if nothing. */
    static List<String> problems(JsonNode published, JsonNode later) {
        var comparison = new SchemaCompatibility(published, later);
        comparison.compare("", published, later);
        return comparison.problems;
    }

    private void compare(String place, JsonNode before, JsonNode after) {
        var old = resolved(published, before);
        var now = resolved(later, after);
        if (!compared.add(before + "\n" + after) && before.has("$ref")) {
            return;
        }
        narrowing(place, "type", types(old), types(now));
        narrowing(place, "enum", values(old.path("enum")), values(now.path("enum")));
        var required = values(old.path("required"));
        required.removeAll(values(now.path("required")));
        required.forEach(name -> problems.add(place + "/" + name + " is not always there any more"));
        old.path("properties").properties().forEach(property -> {
            var here = place + "/" + property.getKey();
            var then = now.path("properties").path(property.getKey());
            if (then.isMissingNode()) {
                problems.add(here + " is gone");
            } else {
                compare(here, property.getValue(), then);
            }
        });
        for (var part : List.of("items", "additionalProperties")) {
            if (old.path(part).isObject()) {
                compare(place + "/" + part, old.path(part), now.path(part));
            }
        }
        others(place, old, now);
    }

    /** Whatever else a schema says is to stay as it is. */
    private void others(String place, JsonNode old, JsonNode now) {
        old.properties().forEach(keyword -> {
            var name = keyword.getKey();
            var known =
                    Set.of("type", "enum", "required", "properties", "items", "additionalProperties", "$ref", "$defs");
            if (!WORDS.contains(name)
                    && !known.contains(name)
                    && !keyword.getValue().equals(now.path(name))) {
                problems.add(place + " has another " + name);
            }
        });
    }

    /** What may be there now must have been announced; where nothing was said, everything was. */
    private void narrowing(String place, String what, Set<String> before, Set<String> after) {
        if (before.isEmpty()) {
            return;
        }
        if (after.isEmpty()) {
            problems.add(place + " may have any " + what + " now");
        }
        after.stream()
                .filter(value -> !before.contains(value))
                .forEach(value -> problems.add(place + " may have the " + what + " " + value + " now"));
    }

    private static JsonNode resolved(JsonNode root, JsonNode schema) {
        return schema.has("$ref") ? root.at(schema.get("$ref").textValue().substring(1)) : schema;
    }

    private static Set<String> types(JsonNode schema) {
        var type = schema.path("type");
        return type.isTextual() ? Set.of(type.textValue()) : values(type);
    }

    private static Set<String> values(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).collect(Collectors.toCollection(HashSet::new));
    }
}
