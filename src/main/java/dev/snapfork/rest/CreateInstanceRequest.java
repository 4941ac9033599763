package dev.snapfork.rest;

import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.ImageName;
import dev.snapfork.instance.RequestedMachine;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.operation.RefusedException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of the body that asks for a new instance which has a meaning here; {@link KeptFields} has the rest. What is bounded here
 * and not in the schema is bounded by nobody's schema but the worker's machines.
 */
record CreateInstanceRequest(
        String name,
        String image,
        @Nullable Hypervisor hypervisor,
        @Nullable Long vcpus,
        @Nullable String size,
        @Nullable String overlaySize,
        @Nullable Network network,
        Map<String, String> env,
        Map<String, String> tags,
        @Nullable Policy snapshotPolicy) {
    private static final int MOST_VCPUS = 64;
    private static final long MEMORY_UNIT = 2L << 20;
    private static final long DISK_UNIT = 512;
    private static final ByteSize LARGEST = ByteSize.parse("16TB");

    @SuppressWarnings("NullAway") // absent maps arrive as null from JSON
    CreateInstanceRequest {
        env = env == null ? Map.of() : Map.copyOf(env);
        tags = tags == null ? Map.of() : Map.copyOf(tags);
    }

    /** There is one unless the request says that there is none. */
    record Network(@Nullable Boolean enabled) {}

    /** The delay as text, since the domain and not the schema refuses a bad one. */
    record Policy(
            @Nullable CompressionConfig compression,
            @Nullable String standbyCompressionDelay) {
        private SnapshotPolicy checked() {
            var delay = standbyCompressionDelay == null ? null : delay(standbyCompressionDelay);
            var policy = new SnapshotPolicy(compression, delay);
            policy.problem().ifPresent(problem -> {
                throw refused(problem);
            });
            return policy;
        }

        private static GoDuration delay(String text) {
            try {
                return GoDuration.parse(text);
            } catch (IllegalArgumentException e) {
                throw refused("standby_compression_delay: " + Echo.cut(String.valueOf(e.getMessage())));
            }
        }

        private static RefusedException refused(String problem) {
            return new RefusedException(new Refusal(RefusalCode.INVALID_SNAPSHOT_POLICY, problem));
        }
    }

    /**
     * The machine that is asked for.
     *
     * @param further what else the request said
     * @throws RefusedException if there cannot be such a machine: {@code invalid_request}, {@code invalid_snapshot_policy}
     */
    RequestedMachine machine(Map<String, Object> further) {
        ImageName.problem(image).or(this::environmentProblem).ifPresent(CreateInstanceRequest::refuse);
        return new RequestedMachine(
                hypervisor,
                image,
                processors(),
                bytes("size", size, MEMORY_UNIT, "2MB"),
                bytes("overlay_size", overlaySize, DISK_UNIT, "512B"),
                network == null || !Boolean.FALSE.equals(network.enabled()),
                env,
                tags,
                snapshotPolicy == null ? null : snapshotPolicy.checked(),
                further);
    }

    private Optional<String> environmentProblem() {
        return env.keySet().stream()
                .filter(variable -> variable.isEmpty() || variable.contains("="))
                .findFirst()
                .map(variable ->
                        "env: the name of a variable has a character at least, and no =, got " + Echo.quoted(variable));
    }

    private @Nullable Integer processors() {
        if (vcpus != null && (vcpus < 1 || vcpus > MOST_VCPUS)) {
            refuse("vcpus must be between 1 and " + MOST_VCPUS + ", got " + vcpus);
        }
        return vcpus == null ? null : Math.toIntExact(vcpus);
    }

    /** Empty is left out, as clients have it whose texts are never null. */
    private static @Nullable ByteSize bytes(String field, @Nullable String text, long unit, String inWords) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            var size = ByteSize.parse(text);
            if (size.bytes() == 0 || size.bytes() % unit != 0 || size.bytes() > LARGEST.bytes()) {
                refuse(field + " must be a multiple of " + inWords + " up to " + LARGEST + ", got " + size);
            }
            return size;
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Refusal.invalidRequest(field + ": " + Echo.cut(String.valueOf(e.getMessage()))));
        }
    }

    private static void refuse(String problem) {
        throw new RefusedException(Refusal.invalidRequest(problem));
    }
}
