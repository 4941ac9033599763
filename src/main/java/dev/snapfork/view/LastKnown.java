package dev.snapfork.view;

import dev.snapfork.instance.Instance;
import dev.snapfork.log.WireJson;
import dev.snapfork.snapshot.Snapshot;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The state that the last event told, for what has no manifest that could tell it. It may be behind the truth by what the
 * projection has not applied yet.
 */
@ApplicationScoped
public class LastKnown {
    private static final String SNAPSHOT = "select body::text from snapshot_state where id = $1 and deleted_at is null";
    private static final String INSTANCE = "select body::text from instance_state where id = $1 and deleted_at is null";
    private static final String VERSION = """
            select version from snapshot_state where id = $1
            union all select version from instance_state where id = $1
            union all select version from health_finding where id = left($1, -7) and $1 like '%/health'
            """;
    private static final String DAMAGED = """
            select count(*) from health_finding f join snapshot_state s on s.id = f.id
            where f.state = 'damaged' and s.deleted_at is null
            """;

    private static final String STATES =
            "select state, count(*) from instance_state where deleted_at is null group by state";

    private final Pool pool;

    LastKnown(Pool pool) {
        this.pool = pool;
    }

    public Uni<Optional<Snapshot>> snapshot(String id) {
        return find(SNAPSHOT, id, Snapshot.class);
    }

    public Uni<Optional<Instance>> instance(String id) {
        return find(INSTANCE, id, Instance.class);
    }

    /** The version of an aggregate that events tell of, also of one that was deleted; 0 if none did. */
    public Uni<Long> version(String aggregateId) {
        return pool.preparedQuery(VERSION)
                .execute(Tuple.of(aggregateId))
                .map(rows ->
                        rows.stream().mapToLong(row -> row.getLong(0)).max().orElse(0));
    }

    /** How many snapshots are known to be damaged. */
    public Uni<Long> damagedSnapshots() {
        return pool.preparedQuery(DAMAGED)
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** How many instances there are in each state; states that none is in are left out. */
    public Uni<Map<String, Long>> instancesByState() {
        return pool.preparedQuery(STATES).execute().map(rows -> rows.stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1))));
    }

    private <T> Uni<Optional<T>> find(String sql, String id, Class<T> type) {
        return pool.preparedQuery(sql)
                .mapping(row -> WireJson.read(row.getString(0), type))
                .execute(Tuple.of(id))
                .map(found -> found.stream().findFirst());
    }
}
