package dev.snapfork.hypervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Machines as JSON: beside what was saved of one, and in the record of the instance that one runs for. */
public final class MachineJson {
    /** The profile's file beside the device state. */
    public static final String PROFILE = "machine.json";

    private static final long LARGEST = 64 << 10;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private MachineJson() {}

    private record Running(
            long pid,
            long startTicks,
            String boot,
            boolean ownMemory,
            MachineProfile profile,
            String directory,
            String runtime,
            String label) {}

    public static ObjectNode write(RunningMachine machine) {
        var home = machine.home();
        return MAPPER.valueToTree(new Running(
                machine.pid(),
                machine.startTicks(),
                machine.boot(),
                machine.ownMemory(),
                machine.profile(),
                home.directory().toString(),
                home.runtime().toString(),
                home.label()));
    }

    /** @throws IOException if the JSON is of no machine; the message says why */
    public static RunningMachine read(JsonNode json) throws IOException {
        var read = read(json, Running.class);
        try {
            return new RunningMachine(
                    read.pid(),
                    read.startTicks(),
                    Objects.requireNonNull(read.boot(), "boot"),
                    read.ownMemory(),
                    Objects.requireNonNull(read.profile(), "profile"),
                    new MachineHome(
                            Path.of(read.directory()),
                            Path.of(read.runtime()),
                            Objects.requireNonNull(read.label(), "label")));
        } catch (RuntimeException e) {
            throw new IOException("not a machine: " + e.getMessage(), e);
        }
    }

    /** Writes the profile into the directory of a saved machine; nothing is synced. */
    public static void write(MachineProfile profile, Path directory) throws IOException {
        Files.write(directory.resolve(PROFILE), MAPPER.writeValueAsBytes(profile));
    }

    /**
     * The profile in the directory of a saved machine; null if there is none, as where another daemon saved it.
     *
     * @throws IOException also if it is there and no profile
     */
    public static @Nullable MachineProfile profile(Path directory) throws IOException {
        var file = directory.resolve(PROFILE);
        if (!Files.exists(file)) {
            return null;
        }
        if (Files.size(file) > LARGEST) {
            throw new IOException(PROFILE + " is too large to be one");
        }
        return read(MAPPER.readTree(Files.readAllBytes(file)), MachineProfile.class);
    }

    private static <T> T read(JsonNode json, Class<T> type) throws IOException {
        try {
            return Objects.requireNonNull(MAPPER.treeToValue(json, type), "null is no machine");
        } catch (JsonProcessingException | RuntimeException e) {
            throw new IOException("not a machine: " + e.getMessage(), e);
        }
    }
}
