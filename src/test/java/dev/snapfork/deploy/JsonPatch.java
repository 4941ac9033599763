package dev.snapfork.deploy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON patches (RFC 6902), of which {@code add}, {@code replace} and {@code remove}. */
final class JsonPatch {
    private JsonPatch() {}

    static void apply(JsonNode operations, ObjectNode target) {
        operations.forEach(it ->
                apply(it.get("op").asText(), JsonPointer.compile(it.get("path").asText()), it.path("value"), target));
    }

    private static void apply(String operation, JsonPointer path, JsonNode value, ObjectNode target) {
        var parent = target.at(path.head());
        var there = !target.at(path).isMissingNode();
        if (!operation.equals("add") && !there) {
            throw new IllegalArgumentException("nothing is at " + path + " to " + operation);
        }
        var last = path.last().getMatchingProperty();
        switch (operation) {
            case "add", "replace" -> {
                switch (parent) {
                    case ObjectNode object -> object.set(last, value.deepCopy());
                    case ArrayNode list
                    when operation.equals("replace") -> list.set(Integer.parseInt(last), value.deepCopy());
                    default -> throw new IllegalArgumentException("this renderer cannot " + operation + " at " + path);
                }
            }
            case "remove" -> {
                if (!(parent instanceof ObjectNode object)) {
                    throw new IllegalArgumentException("this renderer cannot remove at " + path);
                }
                object.remove(last);
            }
            default -> throw new IllegalArgumentException("this renderer does not know " + operation);
        }
    }
}
