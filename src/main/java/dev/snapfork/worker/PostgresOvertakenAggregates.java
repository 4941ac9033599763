package dev.snapfork.worker;

import dev.snapfork.event.Event;
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
            select o.id, o.at, coalesce(s.deleted_at, i.deleted_at, c.deleted_at) is not null,
            s.id is not null, c.instance_id
            from overtaken_aggregate as o
            left join snapshot_view as s on s.id = o.id left join instance_view as i on i.id = o.id
            left join schedule_view as c on c.id = o.id
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
        var id = row.getString(0);
        var at = row.getLong(1);
        var subject = Event.HealthFound.subjectOf(id);
        if (subject.isPresent()) {
            return new Overtaken(id, Kind.FINDING, subject.get(), at);
        }
        if (row.getBoolean(2)) {
            return new Overtaken(id, Kind.DELETED, id, at);
        }
        var scheduled = row.getString(4);
        if (scheduled != null) {
            return new Overtaken(id, Kind.SCHEDULE, scheduled, at);
        }
        return new Overtaken(id, row.getBoolean(3) ? Kind.SNAPSHOT : Kind.INSTANCE, id, at);
    }

    @Override
    public void toldAgain(Overtaken overtaken) {
        pool.preparedQuery(TOLD_AGAIN)
                .execute(Tuple.of(overtaken.id(), overtaken.at()))
                .await()
                .atMost(limit);
    }
}
