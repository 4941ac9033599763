package dev.snapfork.rest;

import dev.snapfork.instance.IdentityWish;
import dev.snapfork.snapshot.TargetState;
import org.jspecify.annotations.Nullable;

/** The body that asks for a fork of an instance; {@code name} is the new one's. */
record ForkInstanceRequest(
        String name,
        @Nullable Boolean fromRunning,
        @Nullable TargetState targetState,
        @Nullable IdentityWish identity) {}
