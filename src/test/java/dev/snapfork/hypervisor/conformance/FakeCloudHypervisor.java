package dev.snapfork.hypervisor.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.hypervisor.FakeMemory;
import dev.snapfork.hypervisor.conformance.FakeMonitor.Answer;
import dev.snapfork.hypervisor.conformance.FakeMonitor.Control;
import dev.snapfork.hypervisor.conformance.FakeMonitor.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The states and files of Cloud Hypervisor. */
final class FakeCloudHypervisor implements FakeMonitor.Behaviour {
    private static final Answer NOT_CREATED = new Answer(404, "[\"The VM is not created\"]");
    private static final Answer WRONG_STATE = new Answer(405, "[\"Error from API\", \"The VM is in another state\"]");

    private final String version;
    private final Control control;
    private final FakeDevices devices = new FakeDevices();
    private final JsonMapper json = new JsonMapper();
    private JsonNode config = MissingNode.getInstance();
    private String state = "";
    private @Nullable FakeMemory memory;

    FakeCloudHypervisor(String version, Control control) {
        this.version = version;
        this.control = control;
    }

    @Override
    public Answer refusal(String message) {
        return new Answer(500, "[\"Error from API\", \"" + message + "\"]");
    }

    @Override
    public Answer answer(Request request, boolean dying) throws IOException {
        try {
            return switch (request.call()) {
                case "GET /vmm.ping" ->
                    new Answer(200, "{\"version\": \"" + version + "\", \"build_version\": \"v" + version + "\"}");
                case "PUT /vmm.shutdown" -> Answer.DONE;
                case "GET /vm.info" -> state.isEmpty() ? NOT_CREATED : info();
                case "PUT /vm.create" -> create(request.body());
                case "PUT /vm.boot" -> boot();
                case "PUT /vm.pause" -> change("Running", "Paused");
                case "PUT /vm.resume" -> change("Paused", "Running");
                case "PUT /vm.power-button" -> powerButton();
                case "PUT /vm.snapshot" ->
                    snapshot(request.body().path("destination_url").asText(), dying);
                case "PUT /vm.restore" ->
                    restore(request.body().path("source_url").asText());
                default -> throw new IllegalStateException(request.call());
            };
        } catch (IOException e) {
            return refusal(e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    private Answer info() {
        return new Answer(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("state", state)
                        .set("config", config)
                        .toString());
    }

    private Answer create(JsonNode wanted) throws IOException {
        if (!state.isEmpty()) {
            return refusal("VM is already created");
        }
        var sized = wanted.path("memory").path("size").asLong() > 0;
        if (sized == wanted.path("memory").has("zones")) {
            return refusal("User defined memory regions are for memory of size 0, and must be there then");
        }
        FakeDevices.readable(wanted.path("payload").path("kernel").asText());
        config = wanted;
        state = "Created";
        return Answer.DONE;
    }

    private Answer boot() throws IOException {
        if (state.isEmpty()) {
            return NOT_CREATED;
        }
        var zone = config.path("memory").path("zones").path(0);
        open();
        memory = FakeMemory.booted(
                zone.path("size").asLong(), existing(zone), zone.path("shared").booleanValue());
        state = "Running";
        return Answer.DONE;
    }

    private static @Nullable Path existing(JsonNode zone) throws IOException {
        if (!zone.path("file").isTextual()) {
            return null;
        }
        var file = Path.of(zone.path("file").asText());
        if (!Files.isRegularFile(file) || Files.size(file) != zone.path("size").asLong()) {
            throw new IOException("no memory file of that size: " + file);
        }
        return file;
    }

    private void open() throws IOException {
        for (var disk : config.path("disks")) {
            devices.disk(disk.path("path").asText(), disk.path("readonly").booleanValue());
        }
        for (var device : new String[] {"serial", "console"}) {
            if (config.path(device).path("mode").asText().equals("File")) {
                devices.log(config.path(device).path("file").asText());
            }
            if (config.path(device).path("mode").asText().equals("Socket")) {
                devices.socket(config.path(device).path("socket").asText());
            }
        }
        if (config.path("vsock").isObject()) {
            devices.socket(config.path("vsock").path("socket").asText());
        }
    }

    private Answer change(String from, String to) throws IOException {
        if (state.isEmpty()) {
            return NOT_CREATED;
        }
        if (!state.equals(from) || memory == null) {
            return WRONG_STATE;
        }
        state = to;
        if (to.equals("Running")) {
            memory.run();
        }
        return Answer.DONE;
    }

    private Answer powerButton() {
        if (memory == null) {
            return NOT_CREATED;
        }
        if (state.equals("Running") && !control.deaf()) {
            Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(100);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                Runtime.getRuntime().halt(0);
            });
        }
        return Answer.DONE;
    }

    private Answer snapshot(String url, boolean dying) throws IOException {
        if (memory == null) {
            return NOT_CREATED;
        }
        if (!state.equals("Paused")) {
            return WRONG_STATE;
        }
        var directory = directory(url);
        Files.write(
                directory.resolve("config.json"),
                json.writeValueAsBytes(withDefaults()),
                StandardOpenOption.CREATE_NEW);
        var saved = JsonNodeFactory.instance.objectNode().put("version", version);
        var ranges = saved.putArray("memory_ranges");
        if (!memory.isInItsFile()) {
            ranges.addObject().put("gpa", 0).put("length", memory.size());
            var file = Files.createFile(directory.resolve("memory-ranges"));
            if (dying) {
                memory.writeHalf(file);
                Runtime.getRuntime().halt(1);
            }
            memory.writeTo(file);
        }
        if (dying) {
            Runtime.getRuntime().halt(1);
        }
        Files.write(directory.resolve("state.json"), json.writeValueAsBytes(saved), StandardOpenOption.CREATE_NEW);
        return Answer.DONE;
    }

    /** What was left out stands in the saved configuration nevertheless. */
    private ObjectNode withDefaults() {
        var saved = (ObjectNode) config.deepCopy();
        var index = 0;
        for (var disk : saved.path("disks")) {
            ((ObjectNode) disk)
                    .put("id", "_disk" + index++)
                    .put("num_queues", 1)
                    .putNull("serial");
        }
        saved.put("iommu", false).putNull("balloon");
        return saved;
    }

    private Answer restore(String url) throws IOException {
        if (!state.isEmpty()) {
            return NOT_CREATED;
        }
        var directory = directory(url);
        var saved = json.readTree(Files.readAllBytes(directory.resolve("state.json")));
        if (!saved.path("version").asText().equals(version)) {
            return refusal("the state is of another version");
        }
        config = json.readTree(Files.readAllBytes(directory.resolve("config.json")));
        var zone = config.path("memory").path("zones").path(0);
        var file = existing(zone);
        var shared = zone.path("shared").booleanValue();
        if (saved.path("memory_ranges").isEmpty()) {
            if (file == null) {
                throw new IOException("the memory is in no file");
            }
            memory = FakeMemory.of(file, file, shared);
        } else {
            var ranges = directory.resolve("memory-ranges");
            if (Files.size(ranges)
                    != saved.path("memory_ranges").path(0).path("length").asLong()) {
                throw new IOException("memory-ranges is of another size");
            }
            memory = FakeMemory.of(ranges, file, false);
        }
        open();
        state = "Paused";
        return Answer.DONE;
    }

    private static Path directory(String url) throws IOException {
        var path = Path.of(url.substring("file://".length()));
        if (!url.startsWith("file://") || !Files.isDirectory(path)) {
            throw new IOException("is not a directory: " + url);
        }
        return path;
    }
}
