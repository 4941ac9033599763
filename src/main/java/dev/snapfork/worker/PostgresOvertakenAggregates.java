package dev.snapfork.worker;

import dev.snapfork.platform.SnapforkConfig;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** The projection's notes of late records. */
@ApplicationScoped
class PostgresOvertakenAggregates implements OvertakenAggregates {
    private static final int PAGE = 256;

    private static final String AFTER = """
            select o.id, o.at, coalesce(s.deleted_at, i.deleted_at) is not null, s.id is not null
            from overtaken_aggregate as o
            left join snapshot_view as s on s.id = o.id left join instance_view as i on i.id = o.id
            where o.id > $1 order by o.id limit $2
            """;
    private static final String TOLD_AGAIN = "delete from overtaken_aggregate where id = $1 and at = $2";

    private final Pool pool;
    private final Duration limit;

    PostgresOvertakenAggregates(Pool pool, SnapforkConfig config) {
        this.pool = pool;
        this.limit = config.worker().attemptLimit();
    }

    @Override
    public List<Overtaken> after(String id) {
        var rows = pool.preparedQuery(AFTER).execute(Tuple.of(id, PAGE)).await().atMost(limit);
        return rows.stream().map(PostgresOvertakenAggregates::read).toList();
    }

    private static Overtaken read(Row row) {
        var kind = row.getBoolean(2) ? Kind.DELETED : row.getBoolean(3) ? Kind.SNAPSHOT : Kind.INSTANCE;
        return new Overtaken(row.getString(0), kind, row.getLong(1));
    }

    @Override
    public void toldAgain(Overtaken overtaken) {
        pool.preparedQuery(TOLD_AGAIN)
                .execute(Tuple.of(overtaken.id(), overtaken.at()))
                .await()
                .atMost(limit);
    }
}
