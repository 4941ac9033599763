package dev.snapfork.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What a request for an instance said that nothing here has a use for: kept, in others' form where there is one. */
final class Requested {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String KEPT = "Requested";

    private Requested() {}

    static void write(ObjectNode metadata, Map<String, Object> further) {
        var kept = metadata.putObject(KEPT);
        further.forEach((key, value) -> {
            JsonNode node = MAPPER.convertValue(value, JsonNode.class);
            switch (key) {
                case "platform" -> metadata.set("Platform", node);
                case "volumes" -> volumes(metadata, node);
                default -> kept.set(key, node);
            }
        });
        if (kept.isEmpty()) {
            metadata.remove(KEPT);
        }
    }

    private static void volumes(ObjectNode metadata, JsonNode volumes) {
        var all = metadata.putArray("Volumes");
        for (var volume : volumes) {
            all.addObject()
                    .put("VolumeID", volume.path("volume_id").asText(""))
                    .put("MountPath", volume.path("mount_path").asText(""))
                    .put("Readonly", volume.path("readonly").asBoolean(false))
                    .put("Overlay", volume.path("overlay").asBoolean(false));
        }
    }
}
