package dev.snapfork.schedule;

import dev.snapfork.log.WireJson;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** In one statement each, so that of rivals exactly one wins. Leases are by the database's clock, which is the same for all. */
@ApplicationScoped
class PostgresTurns implements Turns {
    private static final String CLAIM = """
            with candidates as (
                select schedule, version from (
                    select s.id as schedule, s.version, t.until
                    from schedule_view s left join schedule_turn t on t.schedule = s.id
                    where s.deleted_at is null and (s.next_run_at <= $1 or s.plausible_from > $1)
                    union
                    select t.schedule, coalesce(s.version, 0), t.until
                    from schedule_turn t left join schedule_view s on s.id = t.schedule
                    where t.awaiting) as wanted
                where until is null or until <= now()
                order by until nulls first, schedule limit $2),
            claimed as (
                insert into schedule_turn as t (schedule, version, until)
                select schedule, version, now() + $3::bigint * interval '1 millisecond' from candidates order by schedule
                on conflict (schedule) do update set
                until = excluded.until, version = greatest(t.version, excluded.version)
                where t.until <= now()
                returning t.schedule, t.version, t.operation, t.attempt, t.published_at, t.awaiting, t.round)
            select c.schedule, s.body::text as body, c.version > s.version as outdated, c.operation, c.attempt,
            coalesce(c.published_at < now() - interval '1 hour', false) as stale, c.awaiting, c.round,
            o.status, o.body -> 'error' ->> 'message' as error,
            exists (select from snapshot_view v where v.id = s.body ->> 'last_snapshot_id') as shown
            from claimed c
            left join schedule_view s on s.id = c.schedule and s.deleted_at is null
            left join operation_view o on o.id = c.operation and o.status not in ('accepted', 'running')
            """;
    private static final String UNTIL = "until = now() + $2::bigint * interval '1 millisecond' where schedule = $1";
    private static final String PUBLISHED =
            "update schedule_turn set operation = $3, attempt = $4, published_at = now(), " + "awaiting = true, "
                    + UNTIL;
    private static final String HOLD = "update schedule_turn set " + UNTIL;
    private static final String REST = "update schedule_turn set awaiting = false, until = now() where schedule = $1";
    private static final String ROUND = "update schedule_turn set awaiting = false, round = round + 1, " + UNTIL;
    private static final String FORGET = "delete from schedule_turn where schedule = $1";
    private static final String TIDY = """
            delete from schedule_turn t where until < now() - interval '1 day'
            and not exists (select from schedule_view s where s.id = t.schedule and s.deleted_at is null)
            """;

    /** A tag can be had by any snapshot; the operations of runs name those that a schedule made. */
    private static final String MADE = """
            from snapshot_view v where v.source_instance_id = $1 and v.deleted_at is null and exists (
                select from operation_view o where o.snapshot_id = v.id and o.kind = 'schedule.run'
                and o.status not in ('accepted', 'running') and o.instance_id = $1)
            """;

    /** Old is what both clocks say is old. */
    private static final String EXPIRED = """
            select id from (
                select v.id, v.created_at, row_number() over (order by v.created_at desc, v.id desc) as place
            """ + MADE + """
            ) as made
            where (place > $2::bigint or created_at < least($3::timestamptz, now()) - $4::bigint * interval '1 millisecond')
            and not exists (
                select from operation_view o where o.snapshot_id = made.id and o.kind = 'snapshot.delete'
                and o.created_at >= $5)
            order by created_at, id limit $6
            """;

    private static final String COUNT = "select count(*) " + MADE;
    /** Longer than any service runs, and short enough for PostgreSQL to subtract. */
    private static final Duration FOR_EVER = Duration.ofDays(365 * 1000L);

    private final Pool pool;
    private final Duration limit;

    @Inject
    PostgresTurns(Pool pool, SnapforkConfig config) {
        this(pool, config.worker().attemptLimit());
    }

    /** @param limit how long to wait for an answer */
    PostgresTurns(Pool pool, Duration limit) {
        this.pool = pool;
        this.limit = limit;
    }

    @Override
    public List<Turn> claim(Instant now, int most, Duration lease) {
        return execute(CLAIM, Tuple.of(now.atOffset(ZoneOffset.UTC), most, lease.toMillis())).stream()
                .map(PostgresTurns::turn)
                .toList();
    }

    private static Turn turn(Row row) {
        var body = row.getString("body");
        var operation = row.getString("operation");
        var status = row.getString("status");
        return new Turn(
                new ScheduleId(row.getString("schedule")),
                body == null ? null : WireJson.read(body, SnapshotSchedule.class),
                body != null && row.getBoolean("outdated"),
                operation == null ? null : new OperationId(operation),
                row.getInteger("attempt"),
                row.getBoolean("stale"),
                row.getBoolean("awaiting"),
                row.getLong("round"),
                status == null ? null : new Turn.End(OperationStatus.parse(status), row.getString("error")),
                row.getBoolean("shown"));
    }

    @Override
    public void published(ScheduleId id, OperationId command, int attempt, Duration lookAgain) {
        execute(PUBLISHED, Tuple.of(id.value(), lookAgain.toMillis(), command.value(), attempt));
    }

    @Override
    public void hold(ScheduleId id, Duration lookAgain) {
        execute(HOLD, Tuple.of(id.value(), lookAgain.toMillis()));
    }

    @Override
    public void rest(ScheduleId id) {
        execute(REST, Tuple.of(id.value()));
    }

    @Override
    public void nextRound(ScheduleId id, Duration lookAgain) {
        execute(ROUND, Tuple.of(id.value(), lookAgain.toMillis()));
    }

    @Override
    public void forget(ScheduleId id) {
        execute(FORGET, Tuple.of(id.value()));
    }

    @Override
    public List<SnapshotId> expired(SnapshotSchedule schedule, Instant now, Instant askedSince, int most) {
        var retention = schedule.retention();
        var parameters = Tuple.tuple()
                .addString(schedule.instanceId().value())
                .addLong(retention.count().orElse(Long.MAX_VALUE))
                .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                .addLong(retention.age().orElse(FOR_EVER).toMillis())
                .addOffsetDateTime(askedSince.atOffset(ZoneOffset.UTC))
                .addInteger(most);
        return execute(EXPIRED, parameters).stream()
                .map(row -> new SnapshotId(row.getString(0)))
                .toList();
    }

    @Override
    public long made(SnapshotSchedule schedule) {
        return execute(COUNT, Tuple.of(schedule.instanceId().value()))
                .iterator()
                .next()
                .getLong(0);
    }

    @Override
    public void tidy() {
        execute(TIDY, Tuple.tuple());
    }

    private RowSet<Row> execute(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).await().atMost(limit);
    }
}
