package dev.snapfork.rest;

import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.IdentityWish;
import dev.snapfork.snapshot.TargetState;
import org.jspecify.annotations.Nullable;

/** The body that asks for a fork; {@code name} is the new instance's. */
record ForkSnapshotRequest(
        String name,
        @Nullable TargetState targetState,
        @Nullable Hypervisor targetHypervisor,
        @Nullable IdentityWish identity) {}
