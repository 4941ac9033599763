package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.snapfork.health.HealthState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An instance as the API and the events show it.
 *
 * @param image where the machine came from; empty if that is not known
 * @param hasSnapshot whether memory and device state are kept in the instance's own directory
 * @param version counts the instance's changes from 1, without gaps
 * @param health whether its record can be read, and the two after it; null unless somebody found that it cannot, and in manifests
 *     and events
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Instance(
        InstanceId id,
        String name,
        String image,
        @Nullable String platform,
        InstanceState state,
        @Nullable String stateError,
        @Nullable ByteSize size,
        @Nullable ByteSize hotplugSize,
        @Nullable ByteSize overlaySize,
        @Nullable Integer vcpus,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> env,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> tags,
        @Nullable Network network,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Volume> volumes,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Instant expiresAt,
        @Nullable Instant startedAt,
        @Nullable Instant stoppedAt,
        boolean hasSnapshot,
        Hypervisor hypervisor,
        @Nullable SnapshotPolicy snapshotPolicy,
        long version,
        @Nullable HealthState health,
        @Nullable Instant healthCheckedAt,
        @Nullable String healthError) {

    @SuppressWarnings("NullAway") // absent collections arrive as null from JSON
    public Instance {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(createdAt, "created_at");
        env = env == null ? Map.of() : Map.copyOf(env);
        tags = tags == null ? Map.of() : Map.copyOf(tags);
        volumes = volumes == null ? List.of() : List.copyOf(volumes);
    }

    /** The instance itself, without what was found out about its record. */
    public Instance(
            InstanceId id,
            String name,
            String image,
            @Nullable String platform,
            InstanceState state,
            @Nullable String stateError,
            @Nullable ByteSize size,
            @Nullable ByteSize hotplugSize,
            @Nullable ByteSize overlaySize,
            @Nullable Integer vcpus,
            Map<String, String> env,
            Map<String, String> tags,
            @Nullable Network network,
            List<Volume> volumes,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant startedAt,
            @Nullable Instant stoppedAt,
            boolean hasSnapshot,
            Hypervisor hypervisor,
            @Nullable SnapshotPolicy snapshotPolicy,
            long version) {
        this(
                id,
                name,
                image,
                platform,
                state,
                stateError,
                size,
                hotplugSize,
                overlaySize,
                vcpus,
                env,
                tags,
                network,
                volumes,
                createdAt,
                expiresAt,
                startedAt,
                stoppedAt,
                hasSnapshot,
                hypervisor,
                snapshotPolicy,
                version,
                null,
                null,
                null);
    }

    /** The last state of an instance that is no more. */
    public Instance deleted() {
        return new Instance(
                id,
                name,
                image,
                platform,
                state,
                stateError,
                size,
                hotplugSize,
                overlaySize,
                vcpus,
                env,
                tags,
                network,
                volumes,
                createdAt,
                expiresAt,
                startedAt,
                stoppedAt,
                hasSnapshot,
                hypervisor,
                snapshotPolicy,
                version + 1);
    }
}
