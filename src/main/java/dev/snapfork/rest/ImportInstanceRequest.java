package dev.snapfork.rest;

import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.SnapshotPolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body that asks for an import; absent tags are empty.
 *
 * @param state Stopped or Standby
 * @param directory below {@code import/} in the data directory; not checked for where it leads
 */
record ImportInstanceRequest(
        String name,
        Hypervisor hypervisor,
        InstanceState state,
        String directory,
        Map<String, String> tags,
        @Nullable SnapshotPolicy snapshotPolicy) {

    @SuppressWarnings("NullAway") // absent tags arrive as null from JSON
    ImportInstanceRequest {
        tags = tags == null ? Map.of() : Map.copyOf(tags);
    }
}
