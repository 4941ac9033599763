package dev.snapfork.rest;

import dev.snapfork.instance.Hypervisor;
import dev.snapfork.snapshot.TargetState;
import org.jspecify.annotations.Nullable;

/** The body that asks for a restore; all of it may be left out. */
record RestoreSnapshotRequest(
        @Nullable TargetState targetState, @Nullable Hypervisor targetHypervisor) {}
