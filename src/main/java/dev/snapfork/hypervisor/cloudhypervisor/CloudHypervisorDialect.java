package dev.snapfork.hypervisor.cloudhypervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.snapfork.hypervisor.MachineStatus;
import dev.snapfork.hypervisor.http.Dialect;
import dev.snapfork.hypervisor.http.Reply;
import dev.snapfork.hypervisor.http.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Cloud Hypervisor's words. */
record CloudHypervisorDialect(Path binary) implements Dialect {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROOT = "/api/v1/";
    private static final int LONGEST = 600;

    /** The path of a call. */
    static String path(String name) {
        return ROOT + name;
    }

    @Override
    public String name() {
        return "Cloud Hypervisor";
    }

    @Override
    public List<String> command(Path socket) {
        return List.of(binary.toString(), "--api-socket", socket.toString());
    }

    @Override
    public String versionPath() {
        return path("vmm.ping");
    }

    @Override
    public Version version(String body) {
        return Version.parse(read(body).path("version").asText());
    }

    @Override
    public String statusPath() {
        return path("vm.info");
    }

    @Override
    public MachineStatus status(String body) {
        var state = read(body).path("state").asText();
        return switch (state) {
            case "Running" -> MachineStatus.RUNNING;
            case "Paused" -> MachineStatus.PAUSED;
            default -> throw new IllegalArgumentException("no machine that runs: " + state);
        };
    }

    /** Versions differ: a list of causes, or plain text. */
    @Override
    public String complaint(Reply refusal) {
        var text = refusal.body().strip();
        try {
            var causes = read(text);
            if (causes.isArray()) {
                text = StreamSupport.stream(causes.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(": "));
            }
        } catch (IllegalArgumentException plain) {
            // as it is
        }
        return text.isEmpty() ? "status " + refusal.status() : text.substring(0, Math.min(LONGEST, text.length()));
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON", e);
        }
    }
}
