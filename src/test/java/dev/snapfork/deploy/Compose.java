package dev.snapfork.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the Compose file says, as far as this project uses the format; whatever else it says is an error. */
record Compose(
        String name,
        Map<String, Service> services,
        Map<String, SecretFile> secrets,
        Map<String, @Nullable JsonNode> volumes) {
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    record SecretFile(String file) {}

    record Healthcheck(
            List<String> test,
            String interval,
            String timeout,
            @JsonProperty("start_period") String startPeriod,
            int retries) {}

    record Needs(String condition) {}

    record Logging(String driver, Map<String, String> options) {}

    record Service(
            String image,
            String restart,
            Logging logging,
            @Nullable String user,
            @JsonProperty("read_only") boolean readOnly,
            @JsonProperty("cap_drop") @Nullable List<String> capDrop,
            @JsonProperty("security_opt") @Nullable List<String> securityOpt,
            @Nullable List<String> tmpfs,
            @JsonProperty("stop_grace_period") @Nullable String stopGracePeriod,
            @JsonProperty("stop_signal") @Nullable String stopSignal,
            @Nullable List<String> command,
            Map<String, String> environment,
            @Nullable List<String> ports,
            List<String> volumes,
            @Nullable List<String> secrets,
            Healthcheck healthcheck,
            @JsonProperty("depends_on") @Nullable Map<String, Needs> dependsOn) {
        Service {
            environment = Objects.requireNonNullElse(environment, Map.of());
            volumes = Objects.requireNonNullElse(volumes, List.of());
        }

        boolean isSnapfork() {
            return environment.containsKey("SNAPFORK_ROLES");
        }

        List<String> publishedPorts() {
            return ports == null ? List.of() : ports;
        }
    }

    static Compose read() {
        ObjectNode file = Documents.one(Documents.ROOT.resolve("deploy/compose/compose.yaml"));
        // what begins with x- is for the file's own use
        file.remove(file.properties().stream()
                .map(Map.Entry::getKey)
                .filter(it -> it.startsWith("x-"))
                .toList());
        try {
            return STRICT.treeToValue(file, Compose.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
