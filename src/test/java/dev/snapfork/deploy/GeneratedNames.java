package dev.snapfork.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names of generated ConfigMaps, which end with a digest of what is in them, and the references to those. */
final class GeneratedNames {
    private static final int DIGITS = 10;
    private static final ObjectMapper SORTED =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private GeneratedNames() {}

    /** Gives the ConfigMap of this name its final one, and all references with it. */
    static void settle(List<ObjectNode> resources, String name) {
        var map = resources.stream()
                .filter(it -> Kustomize.kind(it).equals("ConfigMap")
                        && Kustomize.name(it).equals(name))
                .findFirst()
                .orElseThrow();
        var settled = name + "-" + digest(map.get("data"));
        ((ObjectNode) map.get("metadata")).put("name", settled);
        resources.forEach(it -> refer(it, name, settled));
    }

    private static void refer(JsonNode node, String name, String settled) {
        for (var field : node.properties()) {
            var reference = field.getKey();
            if ((reference.equals("configMapRef") || reference.equals("configMapKeyRef"))
                    && field.getValue().path("name").asText().equals(name)) {
                ((ObjectNode) field.getValue()).put("name", settled);
            }
        }
        node.forEach(below -> refer(below, name, settled));
    }

    private static String digest(JsonNode data) {
        var sorted = new TreeMap<String, String>();
        data.properties().forEach(it -> sorted.put(it.getKey(), it.getValue().asText()));
        try {
            var text =
                    SORTED.writeValueAsString(new TreeMap<>(Map.of("data", sorted, "kind", "ConfigMap", "name", "")));
            var sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return readable(HexFormat.of().formatHex(sha).substring(0, DIGITS));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** kustomize leaves out digits that would make words of it. */
    private static String readable(String hexadecimal) {
        return hexadecimal
                .replace('0', 'g')
                .replace('1', 'h')
                .replace('3', 'k')
                .replace('a', 'm')
                .replace('e', 't');
    }
}
