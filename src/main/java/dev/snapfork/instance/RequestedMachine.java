package dev.snapfork.instance;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machine that a new instance is to be.
 *
 * @param hypervisor null for the service's default
 * @param image names a directory below {@code images/}
 * @param vcpus null for the default, 2
 * @param size of the memory; null for the default, 1 GB
 * @param overlaySize of a second, empty disk; null for none
 * @param further what the request said beside, kept as it is
 */
public record RequestedMachine(
        @Nullable Hypervisor hypervisor,
        String image,
        @Nullable Integer vcpus,
        @Nullable ByteSize size,
        @Nullable ByteSize overlaySize,
        boolean network,
        Map<String, String> env,
        Map<String, String> tags,
        @Nullable SnapshotPolicy snapshotPolicy,
        Map<String, Object> further) {
    @SuppressWarnings("NullAway") // absent collections arrive as null from JSON
    public RequestedMachine {
        env = env == null ? Map.of() : Map.copyOf(env);
        tags = tags == null ? Map.of() : Map.copyOf(tags);
        further = further == null ? Map.of() : Map.copyOf(further);
    }
}
