package dev.snapfork.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Kubernetes' strategic merge: objects are merged, and so are lists whose items have a key. */
final class StrategicMerge {
    private static final Map<String, String> KEYS = Map.of("containers", "name", "env", "name", "volumes", "name");

    private StrategicMerge() {}

    static void apply(ObjectNode patch, ObjectNode target) {
        for (var field : patch.properties()) {
            var name = field.getKey();
            var wanted = field.getValue();
            var there = target.get(name);
            if (name.startsWith("$")) {
                throw new IllegalArgumentException("this renderer does not know " + name + " in " + patch);
            } else if (wanted.isNull()) {
                target.remove(name);
            } else if (wanted instanceof ObjectNode object && there instanceof ObjectNode below) {
                apply(object, below);
            } else if (wanted instanceof ArrayNode list && there instanceof ArrayNode below) {
                merge(name, list, below);
            } else {
                target.set(name, wanted.deepCopy());
            }
        }
    }

    private static void merge(String name, ArrayNode wanted, ArrayNode there) {
        var key = KEYS.get(name);
        if (key == null) {
            if (wanted.get(0).isObject()) {
                throw new IllegalArgumentException("this renderer does not know by which key to merge " + name);
            }
            there.removeAll().addAll(wanted);
            return;
        }
        for (var item : wanted) {
            var same = Documents.items(there)
                    .filter(it -> it.get(key).equals(item.get(key)))
                    .map(JsonNode.class::cast)
                    .findFirst();
            if (same.isPresent()) {
                apply((ObjectNode) item, (ObjectNode) same.get());
            } else {
                there.add(item.deepCopy());
            }
        }
    }
}
