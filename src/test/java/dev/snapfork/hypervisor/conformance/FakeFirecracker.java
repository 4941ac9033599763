package dev.snapfork.hypervisor.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.hypervisor.FakeMemory;
import dev.snapfork.hypervisor.conformance.FakeMonitor.Answer;
import dev.snapfork.hypervisor.conformance.FakeMonitor.Control;
import dev.snapfork.hypervisor.conformance.FakeMonitor.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The states and files of Firecracker. Its state has JSON inside where the original has a format of its own. */
final class FakeFirecracker implements FakeMonitor.Behaviour {
    private final String version;
    private final Control control;
    private final FakeDevices devices = new FakeDevices();
    private ObjectNode config = JsonNodeFactory.instance.objectNode();
    private String state = "Not started";
    private @Nullable FakeMemory memory;

    FakeFirecracker(String version, Control control) {
        this.version = version;
        this.control = control;
    }

    @Override
    public Answer refusal(String message) {
        return new Answer(
                400,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("fault_message", message)
                        .toString());
    }

    @Override
    public Answer answer(Request request, boolean dying) throws IOException {
        try {
            return switch (request.call()) {
                case "GET /version" -> new Answer(200, "{\"firecracker_version\": \"" + version + "\"}");
                case "GET /" -> info();
                case "PUT /actions" -> act(request.body().path("action_type").asText());
                case "PATCH /vm" -> change(request.body().path("state").asText());
                case "PUT /snapshot/create" -> create(request.body(), dying);
                case "PUT /snapshot/load" -> load(request.body());
                default -> configure(request);
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
                        .put("app_name", "Firecracker")
                        .put("id", "anonymous-instance")
                        .put("state", state)
                        .put("vmm_version", version)
                        .toString());
    }

    private Answer configure(Request request) {
        if (memory != null) {
            return refusal("The requested operation is not supported after starting the microVM.");
        }
        var parts = request.path().split("/", -1);
        if (parts.length == 3) {
            if (!request.body()
                    .path(parts[1].equals("drives") ? "drive_id" : "iface_id")
                    .asText()
                    .equals(parts[2])) {
                return refusal("The id from the path does not match the id from the body!");
            }
            config.withArray(parts[1]).add(request.body());
        } else {
            config.set(parts[1], request.body());
        }
        return Answer.DONE;
    }

    private Answer act(String action) throws IOException {
        return switch (action) {
            case "InstanceStart" -> start();
            case "SendCtrlAltDel" -> shutDown();
            default -> Answer.DONE;
        };
    }

    private Answer start() throws IOException {
        if (memory != null || !config.has("boot-source")) {
            return refusal("Cannot start microvm without kernel configuration, or twice.");
        }
        FakeDevices.readable(
                config.path("boot-source").path("kernel_image_path").asText());
        open();
        memory = FakeMemory.booted(
                config.path("machine-config").path("mem_size_mib").asLong() << 20, null, false);
        state = "Running";
        return Answer.DONE;
    }

    private Answer shutDown() {
        if (memory == null) {
            return refusal("The requested operation is not supported before starting the microVM.");
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

    private void open() throws IOException {
        for (var drive : config.path("drives")) {
            devices.disk(
                    drive.path("path_on_host").asText(),
                    drive.path("is_read_only").booleanValue());
        }
        if (config.has("vsock")) {
            devices.socket(config.path("vsock").path("uds_path").asText());
        }
    }

    private Answer change(String wanted) throws IOException {
        if (memory == null) {
            return refusal("The requested operation is not supported before starting the microVM.");
        }
        var to = wanted.equals("Resumed") ? "Running" : "Paused";
        if (to.equals("Running") && state.equals("Paused")) {
            memory.run();
        }
        state = to;
        return Answer.DONE;
    }

    private Answer create(JsonNode body, boolean dying) throws IOException {
        if (memory == null || !state.equals("Paused")) {
            return refusal("Create snapshot error: the microVM must be paused");
        }
        var file = Path.of(body.path("mem_file_path").asText());
        if (dying) {
            memory.writeHalf(file);
            Runtime.getRuntime().halt(1);
        }
        memory.writeTo(file);
        FakeState.write(Path.of(body.path("snapshot_path").asText()), version, config);
        return Answer.DONE;
    }

    private Answer load(JsonNode body) throws IOException {
        if (memory != null || !config.isEmpty()) {
            return refusal("Loading a microVM snapshot not allowed after configuring boot-specific resources.");
        }
        if (!body.has("mem_backend")) {
            return refusal("missing field: either `mem_backend` or `mem_file_path` is required");
        }
        config = FakeState.read(Path.of(body.path("snapshot_path").asText()), version);
        for (var change : body.path("network_overrides")) {
            override(change);
        }
        if (body.has("vsock_override")) {
            ((ObjectNode) config.required("vsock"))
                    .set("uds_path", body.path("vsock_override").path("uds_path"));
        }
        var file = Path.of(body.path("mem_backend").path("backend_path").asText());
        if (Files.size(file)
                != config.path("machine-config").path("mem_size_mib").asLong() << 20) {
            return refusal("Load snapshot error: the memory file is of another size");
        }
        open();
        control.note("loaded " + config);
        memory = FakeMemory.of(file, null, false);
        state = body.path("resume_vm").booleanValue() ? "Running" : "Paused";
        return Answer.DONE;
    }

    private void override(JsonNode change) throws IOException {
        for (var network : config.path("network-interfaces")) {
            if (network.path("iface_id").equals(change.path("iface_id"))) {
                ((ObjectNode) network).set("host_dev_name", change.path("host_dev_name"));
                return;
            }
        }
        throw new IOException("there is no interface " + change.path("iface_id"));
    }
}
