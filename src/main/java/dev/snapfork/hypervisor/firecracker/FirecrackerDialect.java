package dev.snapfork.hypervisor.firecracker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.http.Dialect;
import dev.snapfork.hypervisor.http.Reply;
import dev.snapfork.hypervisor.http.Version;
import java.nio.file.Path;
import java.util.List;

/** Firecracker's words. */
record FirecrackerDialect(Path binary) implements Dialect {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String name() {
        return "Firecracker";
    }

    @Override
    public List<String> command(Path socket) {
        return List.of(binary.toString(), "--api-sock", socket.toString());
    }

    @Override
    public String versionPath() {
        return "/version";
    }

    @Override
    public Version version(String body) {
        return Version.parse(field(body, "firecracker_version"));
    }

    @Override
    public String statusPath() {
        return "/";
    }

    @Override
    public MachineStatus status(String body) {
        var state = field(body, "state");
        return switch (state) {
            case "Running" -> MachineStatus.RUNNING;
            case "Paused" -> MachineStatus.PAUSED;
            default -> throw new IllegalArgumentException("no machine: " + state);
        };
    }

    @Override
    public String complaint(Reply refusal) {
        try {
            return field(refusal.body(), "fault_message");
        } catch (IllegalArgumentException e) {
            return "status " + refusal.status();
        }
    }

    private static String field(String body, String name) {
        try {
            JsonNode value = JSON.readTree(body).path(name);
            if (value.isTextual()) {
                return value.textValue();
            }
            throw new IllegalArgumentException("there is no " + name);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON", e);
        }
    }
}
