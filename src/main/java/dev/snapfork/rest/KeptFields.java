package dev.snapfork.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.platform.BadRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request for an instance says beside what has a meaning here. It is kept as it came, so that whoever reads it back finds it, but
 * for nulls, which count as left out, and numbers that not everybody could read.
 */
final class KeptFields {
    private static final String NETWORK = "network";
    private static final List<String> NAMES = List.of(
            "platform",
            "hotplug_size",
            "disk_io_bps",
            "credentials",
            "ttl",
            "expires_at",
            NETWORK,
            "devices",
            "gpu",
            "volumes",
            "auto_standby",
            "health_check",
            "restart_policy",
            "skip_kernel_headers",
            "skip_guest_agent",
            "entrypoint",
            "cmd");

    private KeptFields() {}

    /**
     * These fields of a body that follows the schema, as maps, lists, texts, numbers and booleans; none is null, none else is there.
     *
     * @throws BadRequestException if a number fits in neither 64 bits nor a double
     */
    static Map<String, Object> of(JsonNode body) {
        var kept = new LinkedHashMap<String, Object>();
        for (var name : NAMES) {
            var value = name.equals(NETWORK) ? withoutSwitch(body.path(name)) : body.path(name);
            if (!value.isMissingNode() && !value.isNull()) {
                kept.put(name, plain(name, value));
            }
        }
        return kept;
    }

    /** Whether there is a network has a place of its own. */
    private static JsonNode withoutSwitch(JsonNode network) {
        if (!(network instanceof ObjectNode object)) {
            return network;
        }
        var rest = object.deepCopy();
        rest.remove("enabled");
        return rest.isEmpty() ? rest.path("") : rest;
    }

    private static Object plain(String path, JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> {
                var map = new LinkedHashMap<String, Object>();
                value.properties().forEach(field -> {
                    if (!field.getValue().isNull()) {
                        map.put(field.getKey(), plain(path + "." + Echo.cut(field.getKey()), field.getValue()));
                    }
                });
                yield map;
            }
            case ARRAY -> {
                var list = new ArrayList<>();
                for (var item : value) {
                    if (!item.isNull()) {
                        list.add(plain(path + "[" + list.size() + "]", item));
                    }
                }
                yield list;
            }
            case NUMBER -> number(path, value);
            case BOOLEAN -> value.booleanValue();
            case STRING, BINARY, MISSING, NULL, POJO -> value.asText();
        };
    }

    private static Number number(String path, JsonNode value) {
        if (value.canConvertToExactIntegral() && value.canConvertToLong()) {
            return value.canConvertToInt() ? (Number) value.intValue() : (Number) value.longValue();
        }
        if (!value.canConvertToExactIntegral() && Double.isFinite(value.doubleValue())) {
            return value.doubleValue();
        }
        throw new BadRequestException(path + ": must be a number that fits in 64 bits, got " + Echo.of(value));
    }
}
