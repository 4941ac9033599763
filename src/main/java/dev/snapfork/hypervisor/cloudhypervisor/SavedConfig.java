package dev.snapfork.hypervisor.cloudhypervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.MemorySource;
import dev.snapfork.hypervisor.TapName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The configuration that a machine was saved with, and what becomes of it for another that is made of the same state. */
final class SavedConfig {
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode config;

    private SavedConfig(ObjectNode config) {
        this.config = config;
    }

    /**
     * Reads it.
     *
     * @return empty if the file is no configuration
     */
    static Optional<SavedConfig> read(Path file) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode config && config.has("payload")
                    ? Optional.of(new SavedConfig(config))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
    }

    int disks() {
        return config.path("disks").size();
    }

    int networks() {
        return config.path("net").size();
    }

    /** Whether the memory was left in a file that the machine shared with it, instead of being written beside the state. */
    boolean hasMemoryInItsOwnFile() {
        var zones = zones();
        return zones.size() == 1
                && zones.get(0).path("shared").booleanValue()
                && zones.get(0).path("file").isTextual();
    }

    /** Whether some of the memory is in one place and some in another. */
    boolean hasMemoryInManyFiles() {
        var zones = zones();
        var files = 0;
        for (var zone : zones) {
            if (zone.path("shared").booleanValue() && zone.path("file").isTextual()) {
                files++;
            }
        }
        return files > 0 && zones.size() > 1;
    }

    private JsonNode zones() {
        return config.path("memory").path("zones");
    }

    /**
     * The directory that the machine was in, by the disk that the profile calls by its place in that directory.
     *
     * @return null if the configuration has the same path as the profile
     */
    @Nullable
    Path origin(String disk, int index) {
        var path = config.path("disks").path(index).path("path").asText();
        return path.startsWith("/") && path.endsWith("/" + disk)
                ? Path.of(path.substring(0, path.length() - disk.length() - 1))
                : null;
    }

    /** Has everything that was below one directory be below another. */
    void rebase(Path from, Path to) {
        rebase(config, from.toString(), to.toString());
    }

    private static void rebase(JsonNode node, String from, String to) {
        switch (node) {
            case ObjectNode object ->
                object.properties().forEach(field -> field.setValue(rebased(field.getValue(), from, to)));
            case ArrayNode array -> {
                for (var index = 0; index < array.size(); index++) {
                    array.set(index, rebased(array.get(index), from, to));
                }
            }
            default -> {
                // numbers and the like name no files
            }
        }
    }

    private static JsonNode rebased(JsonNode value, String from, String to) {
        rebase(value, from, to);
        if (value.isTextual()
                && (value.textValue().equals(from) || value.textValue().startsWith(from + "/"))) {
            return TextNode.valueOf(to + value.textValue().substring(from.length()));
        }
        return value;
    }

    /** Gives the machine what is its own: disks, network, sockets, logs and kernel. The guest's vsock number stays. */
    void give(MachineSpec spec, Places places) {
        for (var index = 0; index < spec.disks().size(); index++) {
            var disk = spec.disks().get(index);
            var json = ((ObjectNode) config.path("disks").get(index)).put("path", disk.file());
            if (json.has("image_type")) {
                json.put("image_type", NewMachine.imageType(disk));
            }
        }
        if (config.path("net").path(0) instanceof ObjectNode net) {
            net.put("mac", spec.mac()).put("tap", TapName.of(places.home()));
            net.remove("host_mac");
        }
        place("vsock", "socket", places.vsock());
        place("serial", "socket", places.serialSocket());
        place("serial", "file", places.serialLog());
        place("console", "socket", places.consoleSocket());
        place("console", "file", places.consoleLog());
        if (config.path("payload") instanceof ObjectNode payload) {
            put(payload, "kernel", spec.kernel().image().toString());
            if (spec.kernel().initrd() != null) {
                put(payload, "initramfs", spec.kernel().initrd().toString());
            }
        }
    }

    private void place(String device, String field, Path path) {
        if (config.path(device) instanceof ObjectNode json) {
            put(json, field, path.toString());
        }
    }

    private static void put(ObjectNode json, String field, String value) {
        if (json.path(field).isTextual()) {
            json.put(field, value);
        }
    }

    /** Has the machine use a memory file as its own, or map it privately. Only where the memory was in a file of its own. */
    void useMemory(Path file, boolean own) {
        ((ObjectNode) zones().get(0))
                .put("file", file.toAbsolutePath().toString())
                .put("shared", own);
    }

    /** Has the machine read its memory into an anonymous file: where a zone is a fork's private view of a file, what it was is not that. */
    void readMemory() {
        for (var zone : zones()) {
            if (zone.path("file").isTextual()) {
                ((ObjectNode) zone).putNull("file").put("shared", true);
            }
        }
    }

    static boolean isOwn(MemorySource memory, Path place) {
        return switch (memory) {
            case MemorySource.Own own -> own.file().toAbsolutePath().equals(place.toAbsolutePath());
            case MemorySource.Shared _ -> false;
        };
    }
}
