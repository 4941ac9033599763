package dev.snapfork.view;

import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Cuid;
import dev.snapfork.snapshot.Snapshot;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds snapshots in the read model. */
@ApplicationScoped
public class SnapshotViews {
    private static final String BY_ID = "select body::text from snapshot_view where id = $1 and deleted_at is null";

    private final Rows rows = new Rows();
    private final RowsByHealth rowsByHealth = new RowsByHealth();
    private final Pool pool;

    SnapshotViews(Pool pool) {
        this.pool = pool;
    }

    private static final class Rows implements PanacheRepositoryBase<SnapshotRow, String> {}

    private static final class RowsByHealth implements PanacheRepositoryBase<SnapshotByHealthRow, String> {}

    /** What must match; null and empty match everything. */
    public record Query(
            @Nullable String name,
            @Nullable String kind,
            @Nullable String sourceInstanceId,
            @Nullable String health,
            Map<String, String> tags) {}

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

    @WithSession
    public Uni<Page<Snapshot>> list(Query query, Page.Request page) {
        var filter = new Filter("deletedAt is null")
                .equal("name", query.name())
                .equal("kind", query.kind())
                .equal("sourceInstanceId", query.sourceInstanceId())
                .equal("health", query.health())
                .tags(query.tags());
        return query.health() == null ? page(rows, filter, page) : page(rowsByHealth, filter, page);
    }

    private static <R extends SnapshotColumns> Uni<Page<Snapshot>> page(
            PanacheRepositoryBase<R, String> rows, Filter filter, Page.Request page) {
        return filter.page(
                rows,
                page,
                row -> new Page.Cursor(row.createdAt, row.id),
                row -> WireJson.read(row.body, Snapshot.class));
    }
}
