package dev.snapfork.rest;

import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.Snapshot;
import java.util.Optional;

/** Refusals that need no worker. */
final class Refusals {
    private Refusals() {}

    static void throwIfAny(Optional<Refusal> refusal) {
        refusal.ifPresent(why -> {
            throw new RefusedException(why);
        });
    }

    static Snapshot found(Optional<Snapshot> snapshot, String id) {
        return snapshot.orElseThrow(() -> new RefusedException(Refusal.notFound("snapshot not found: " + id)));
    }
}
