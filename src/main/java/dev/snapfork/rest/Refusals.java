package dev.snapfork.rest;

import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.view.SnapshotViews;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Refusals that need no worker. */
final class Refusals {
    private Refusals() {}

    static void throwIfAny(Optional<Refusal> refusal) {
        refusal.ifPresent(why -> {
            throw new RefusedException(why);
        });
    }

    /** The snapshot that a path names; fails with {@code not_found} if there is none. */
    static Uni<Snapshot> existing(SnapshotViews snapshots, String id) {
        return snapshots
                .find(id)
                .map(found ->
                        found.orElseThrow(() -> new RefusedException(Refusal.notFound("snapshot not found: " + id))));
    }
}
