package dev.snapfork.worker;

import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.snapshot.SnapshotId;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Turns in PostgreSQL, whose clock they go by. What is due is looked up in the read model: a snapshot that is missing there for a
 * while is verified a while later.
 */
@ApplicationScoped
class PostgresScrubTurns implements ScrubTurns {
    private static final String TAKE = """
            with due as (
            select s.id, f.checked_at
            from snapshot_state s
            left join health_finding f on f.id = s.id
            left join scrub_turn t on t.snapshot_id = s.id
            where s.deleted_at is null and coalesce(f.checked_at, s.created_at) < $2
            and (t.until is null or t.until < now())
            order by coalesce(f.checked_at, s.created_at), s.id
            limit 1),
            taken as (
            insert into scrub_turn (snapshot_id, worker, until)
            select id, $1, now() + $3 * interval '1 millisecond' from due
            on conflict (snapshot_id) do update set worker = excluded.worker, until = excluded.until
            where scrub_turn.until < now()
            returning snapshot_id)
            select due.id, due.checked_at from due join taken on taken.snapshot_id = due.id
            """;
    private static final String KEEP = """
            with forgotten as (delete from scrub_turn where until < now() - interval '1 day')
            update scrub_turn set until = now() + $3 * interval '1 millisecond' where snapshot_id = $2 and worker = $1
            """;

    private final Pool pool;
    private final Duration limit;

    PostgresScrubTurns(Pool pool, SnapforkConfig config) {
        this.pool = pool;
        this.limit = config.worker().attemptLimit();
    }

    @Override
    public Optional<Turn> take(String worker, Instant before, Duration lease) {
        var rows = execute(TAKE, Tuple.of(worker, before.atOffset(ZoneOffset.UTC), (double) lease.toMillis()))
                .iterator();
        return rows.hasNext() ? Optional.of(turn(rows.next())) : Optional.empty();
    }

    @Override
    public void keep(String worker, SnapshotId snapshot, Duration lease) {
        execute(KEEP, Tuple.of(worker, snapshot.value(), (double) lease.toMillis()));
    }

    private static Turn turn(Row row) {
        var checked = row.getOffsetDateTime(1);
        return new Turn(new SnapshotId(row.getString(0)), checked == null ? null : checked.toInstant());
    }

    private RowSet<Row> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).await().atMost(limit);
    }
}
