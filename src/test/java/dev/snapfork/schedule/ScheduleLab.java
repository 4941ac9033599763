package dev.snapfork.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.environment.OwnSchema;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.Cadence;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SchedulePlan;
import dev.snapfork.snapshot.ScheduleRetention;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Schedulers that share a real PostgreSQL, at times of the test's choosing; what they publish is recorded. */
@Timeout(120)
abstract class ScheduleLab {
    static final Duration LIMIT = Duration.ofSeconds(30);
    final Instant today = Instant.now().truncatedTo(ChronoUnit.MICROS);

    final ConcurrentLinkedQueue<CommandEnvelope> published = new ConcurrentLinkedQueue<>();
    private final OwnSchema schema = schema();

    private static OwnSchema schema() {
        try {
            return new OwnSchema("V1__read_model.sql", "V6__snapshot_schedules.sql");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void dropTheTables() {
        schema.close();
    }

    static String newId() {
        return Cuid.random(RandomGenerator.getDefault());
    }

    Turns turns() {
        return new PostgresTurns(schema.pool(), LIMIT);
    }

    Look at(Instant time) {
        return new Look(turns(), published::add, Clock.fixed(time, ZoneOffset.UTC));
    }

    RowSet<Row> sql(String sql, Object... parameters) {
        return schema.pool()
                .preparedQuery(sql)
                .execute(Tuple.from(List.of(parameters)))
                .await()
                .atMost(LIMIT);
    }

    /** Lets what was to be looked at after a while be looked at now. */
    void letTimePass() {
        sql("update schedule_turn set until = now() - interval '1 second'");
    }

    SnapshotSchedule hourly(ScheduleRetention retention) {
        return SnapshotSchedule.first(
                new ScheduleId(newId()),
                new InstanceId(newId()),
                new SchedulePlan(GoDuration.parse("1h"), null, Map.of(), retention),
                today);
    }

    SnapshotSchedule hourly() {
        return hourly(new ScheduleRetention(2L, null));
    }

    void show(SnapshotSchedule schedule) {
        sql(
                """
                insert into schedule_view (id, version, instance_id, next_run_at, plausible_from, body)
                values ($1, $2, $3, $4, $5, $6::text::jsonb) on conflict (id) do update set
                version = excluded.version, next_run_at = excluded.next_run_at, body = excluded.body
                """,
                schedule.id().value(),
                schedule.version(),
                schedule.instanceId().value(),
                schedule.nextRunAt().atOffset(ZoneOffset.UTC),
                Cadence.plausibleFrom(schedule.nextRunAt(), schedule.interval().value())
                        .atOffset(ZoneOffset.UTC),
                WireJson.text(schedule));
    }

    void showEnd(OperationId operation, String kind, SnapshotId snapshot, InstanceId instance, String status) {
        sql("""
                insert into operation_view (id, kind, status, snapshot_id, instance_id, created_at, body)
                values ($1, $2, $3, $4, $5, now(), '{"error":{"code":"cancelled","message":"stopped"}}')
                """, operation.value(), kind, status, snapshot.value(), instance.value());
    }

    SnapshotId showSnapshot(InstanceId source, Instant created, boolean scheduled) {
        var id = new SnapshotId(newId());
        sql(
                """
                insert into snapshot_view (id, version, kind, source_instance_id, created_at, tags, body)
                values ($1, 1, 'Stopped', $2, $3, $4::text::jsonb, '{}')
                """,
                id.value(),
                source.value(),
                created.atOffset(ZoneOffset.UTC),
                "{\"hypeman.scheduled\":\"true\",\"hypeman.schedule_instance_id\":\"" + source + "\"}");
        if (scheduled) {
            showEnd(new OperationId(newId()), "schedule.run", id, source, "succeeded");
        }
        return id;
    }

    List<SnapshotId> deleted() {
        return published.stream()
                .map(CommandEnvelope::command)
                .filter(Command.DeleteSnapshot.class::isInstance)
                .map(command -> ((Command.DeleteSnapshot) command).snapshot())
                .toList();
    }

    CommandEnvelope only() {
        assertThat(published).hasSize(1);
        return published.element();
    }

    SnapshotSchedule ranOnce(SnapshotSchedule schedule, SnapshotId made) {
        show(schedule);
        at(schedule.nextRunAt()).around();
        var run = published.remove();
        var ended = schedule.started(run.id(), schedule.nextRunAt()).succeeded(made);
        show(ended);
        showEnd(run.id(), "schedule.run", made, schedule.instanceId(), "succeeded");
        letTimePass();
        return ended;
    }
}
