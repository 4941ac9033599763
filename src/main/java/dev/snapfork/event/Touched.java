package dev.snapfork.event;

import java.util.List;

/**
 * What of an aggregate's state a kind of change may alter, beside its version: the names that the state has on the wire. It goes by the
 * kind alone, so that an event that is published again is the same to the last byte.
 */
enum Touched {
    /** There was no state before. */
    ALL,
    /** The state is the last one, and there is no other after it. */
    NOTHING,
    COMPRESSION(
            "size_bytes",
            "compression_state",
            "compression_error",
            "compression",
            "compressed_size_bytes",
            "uncompressed_size_bytes"),
    RUN_OF_MACHINE("state", "state_error", "started_at", "stopped_at", "has_snapshot", "network"),
    MACHINE(
            "state",
            "state_error",
            "started_at",
            "stopped_at",
            "has_snapshot",
            "network",
            "hypervisor",
            "image",
            "platform",
            "size",
            "hotplug_size",
            "overlay_size",
            "vcpus",
            "env",
            "volumes",
            "snapshot_policy"),
    FINDING("state", "checked_at", "error"),
    PLAN("interval", "name_prefix", "metadata", "retention", "next_run_at", "last_error", "updated_at"),
    RUN("next_run_at", "last_run_at", "last_snapshot_id", "last_error", "updated_at", "runs", "current_operation_id");

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> names;

    Touched(String... names) {
        this.names = List.of(names);
    }

    /** In no order that means something; empty where there is nothing to compare with. */
    List<String> names() {
        return names;
    }
}
