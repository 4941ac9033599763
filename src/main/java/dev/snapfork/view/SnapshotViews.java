package dev.snapfork.view;

import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Cuid;
import dev.snapfork.snapshot.Snapshot;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Finds snapshots in the read model, for whoever is to decide by what they are. */
@ApplicationScoped
public class SnapshotViews {
    private static final String BY_ID = "select body::text from snapshot_view where id = $1 and deleted_at is null";

    private final Pool pool;

    SnapshotViews(Pool pool) {
        this.pool = pool;
    }

    /**
     * Whoever asks for what cannot be an id gets the same answer as for one that nobody has. Most commands begin with this: one
     * round trip, and no session to set up for it.
     */
    public Uni<Optional<Snapshot>> find(String id) {
        if (!Cuid.isValid(id)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return pool.preparedQuery(BY_ID)
                .mapping(row -> WireJson.read(row.getString(0), Snapshot.class))
                .execute(Tuple.of(id))
                .map(found -> found.stream().findFirst());
    }
}
