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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Schedulers that share a real PostgreSQL, at times of the test's choosing; what they publish is recorded. */
@Timeout(120)
class LookTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private final Instant today = Instant.now().truncatedTo(ChronoUnit.MICROS);

    private final ConcurrentLinkedQueue<CommandEnvelope> published = new ConcurrentLinkedQueue<>();
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

    private static String newId() {
        return Cuid.random(RandomGenerator.getDefault());
    }

    private Turns turns() {
        return new PostgresTurns(schema.pool(), LIMIT);
    }

    private Look at(Instant time) {
        return new Look(turns(), published::add, Clock.fixed(time, ZoneOffset.UTC));
    }

    private RowSet<Row> sql(String sql, Object... parameters) {
        return schema.pool()
                .preparedQuery(sql)
                .execute(Tuple.from(List.of(parameters)))
                .await()
                .atMost(LIMIT);
    }

    /** Lets what was to be looked at after a while be looked at now. */
    private void letTimePass() {
        sql("update schedule_turn set until = now() - interval '1 second'");
    }

    private SnapshotSchedule hourly(ScheduleRetention retention) {
        return SnapshotSchedule.first(
                new ScheduleId(newId()),
                new InstanceId(newId()),
                new SchedulePlan(GoDuration.parse("1h"), null, Map.of(), retention),
                today);
    }

    private SnapshotSchedule hourly() {
        return hourly(new ScheduleRetention(2L, null));
    }

    private void show(SnapshotSchedule schedule) {
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

    private void showEnd(OperationId operation, String kind, SnapshotId snapshot, InstanceId instance, String status) {
        sql("""
                insert into operation_view (id, kind, status, snapshot_id, instance_id, created_at, body)
                values ($1, $2, $3, $4, $5, now(), '{"error":{"code":"cancelled","message":"stopped"}}')
                """, operation.value(), kind, status, snapshot.value(), instance.value());
    }

    private SnapshotId showSnapshot(InstanceId source, Instant created, boolean scheduled) {
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

    private List<SnapshotId> deleted() {
        return published.stream()
                .map(CommandEnvelope::command)
                .filter(Command.DeleteSnapshot.class::isInstance)
                .map(command -> ((Command.DeleteSnapshot) command).snapshot())
                .toList();
    }

    private CommandEnvelope only() {
        assertThat(published).hasSize(1);
        return published.element();
    }

    @Test
    void ofManySchedulersOnePublishesEachRun() throws Exception {
        var all = IntStream.range(0, 150).mapToObj(i -> hourly()).toList();
        all.forEach(this::show);
        var later = today.plus(Duration.ofHours(2));
        var start = new CyclicBarrier(4);

        try (var threads = Executors.newFixedThreadPool(4)) {
            var looks = new ArrayList<java.util.concurrent.Future<?>>();
            for (var i = 0; i < 4; i++) {
                looks.add(threads.submit(() -> {
                    start.await();
                    at(later).around();
                    at(later).around();
                    return null;
                }));
            }
            for (var look : looks) {
                look.get(60, TimeUnit.SECONDS);
            }
        }

        assertThat(published).hasSize(150);
        assertThat(published.stream().map(e -> e.command().key()).distinct()).hasSize(150);
    }

    @Test
    void aSchedulerThatDiesBetweenPublishingAndRememberingMakesTheSameCommandOnceMore() {
        var schedule = hourly();
        show(schedule);
        class Killed extends Error {
            private static final long serialVersionUID = 1L;
        }
        var mortal = new Look(
                turns(),
                envelope -> {
                    published.add(envelope);
                    throw new Killed();
                },
                Clock.fixed(schedule.nextRunAt(), ZoneOffset.UTC));

        try {
            mortal.around();
            throw new AssertionError("survived");
        } catch (Killed died) {
            assertThat(published).hasSize(1);
        }
        at(schedule.nextRunAt()).around();
        assertThat(published).as("the dead one's lease is not over").hasSize(1);
        letTimePass();
        at(schedule.nextRunAt().plusSeconds(60)).around();

        assertThat(published).hasSize(2);
        assertThat(published.stream().map(CommandEnvelope::id).distinct()).hasSize(1);
        assertThat(published.stream().map(CommandEnvelope::command).distinct()).hasSize(1);
    }

    @Test
    void aRunIsPublishedOnceHoweverLongItTakesAndTheNextWhenThatHasBegun() {
        var schedule = hourly();
        show(schedule);
        var due = schedule.nextRunAt();

        for (var look = 0; look < 5; look++) {
            at(due.plus(Duration.ofHours(look))).around();
            letTimePass();
        }
        var first = only();
        show(schedule.started(first.id(), due.plus(Duration.ofHours(4))));
        at(due.plus(Duration.ofHours(4))).around();
        assertThat(published).hasSize(1);
        letTimePass();
        at(due.plus(Duration.ofHours(5))).around();
        assertThat(published).as("the first is in work").hasSize(1);
        show(schedule.started(first.id(), due.plus(Duration.ofHours(4))).failed("no"));
        letTimePass();
        at(due.plus(Duration.ofHours(9))).around();

        assertThat(published).hasSize(2);
        var runs =
                published.stream().map(e -> (Command.RunSchedule) e.command()).toList();
        assertThat(runs.stream().map(Command.RunSchedule::run)).containsExactly(1L, 2L);
        assertThat(runs.stream().map(Command.RunSchedule::due)).containsExactly(due, due.plus(Duration.ofHours(5)));
    }

    @Test
    void whatWasCancelledBeforeItBeganIsNoted() {
        var schedule = hourly();
        show(schedule);
        at(schedule.nextRunAt()).around();
        var first = only();
        showEnd(first.id(), "schedule.run", new SnapshotId(newId()), schedule.instanceId(), "cancelled");
        letTimePass();

        at(schedule.nextRunAt()).around();

        assertThat(published).hasSize(2);
        var second = published.stream().skip(1).findFirst().orElseThrow();
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(((Command.RunSchedule) second.command()).missed()).isEqualTo("stopped");
        assertThat(((Command.RunSchedule) second.command()).run()).isEqualTo(1);
    }

    @Test
    void oneThatCannotBePublishedDoesNotStopTheOthers() {
        var all = IntStream.range(0, 5).mapToObj(i -> hourly()).toList();
        all.forEach(this::show);
        var look = new Look(
                turns(),
                envelope -> {
                    if (envelope.command().key().equals(all.get(2).instanceId().value())) {
                        throw new IllegalStateException("Kafka does not take it");
                    }
                    published.add(envelope);
                },
                Clock.fixed(today.plus(Duration.ofHours(2)), ZoneOffset.UTC));

        look.around();

        assertThat(published).hasSize(4);
    }

    private SnapshotSchedule ranOnce(SnapshotSchedule schedule, SnapshotId made) {
        show(schedule);
        at(schedule.nextRunAt()).around();
        var run = published.remove();
        var ended = schedule.started(run.id(), schedule.nextRunAt()).succeeded(made);
        show(ended);
        showEnd(run.id(), "schedule.run", made, schedule.instanceId(), "succeeded");
        letTimePass();
        return ended;
    }

    @Test
    void retentionByCountDeletesTheOldestThatTheScheduleMadeAndNoOther() {
        var schedule = hourly();
        var source = schedule.instanceId();
        var made = IntStream.range(0, 5)
                .mapToObj(i -> showSnapshot(source, today.minusSeconds(100 - i), true))
                .toList();
        showSnapshot(source, today.minusSeconds(500), false);
        showSnapshot(new InstanceId(newId()), today.minusSeconds(500), true);
        var ended = ranOnce(schedule, made.getLast());

        at(schedule.nextRunAt()).around();
        letTimePass();
        at(schedule.nextRunAt()).around();

        assertThat(deleted()).containsExactlyElementsOf(made.subList(0, 3));
        assertThat(ended.lastSnapshotId()).isEqualTo(made.getLast());
    }

    @Test
    void retentionByAgeDeletesWhatIsOlder() {
        var schedule = hourly(new ScheduleRetention(null, GoDuration.parse("24h")));
        var source = schedule.instanceId();
        var old = showSnapshot(source, today.minus(Duration.ofHours(25)), true);
        var young = showSnapshot(source, today.minus(Duration.ofHours(22)), true);
        showSnapshot(source, today.minus(Duration.ofHours(25)), false);
        ranOnce(schedule, young);

        at(schedule.nextRunAt()).around();

        assertThat(deleted()).containsExactly(old);
    }

    @Test
    void aSchedulerWhoseClockIsAheadDeletesNothingForThat() {
        var schedule = hourly(new ScheduleRetention(null, GoDuration.parse("240h")));
        var young = showSnapshot(schedule.instanceId(), today.minus(Duration.ofHours(22)), true);
        var old = showSnapshot(schedule.instanceId(), today.minus(Duration.ofHours(241)), true);
        show(schedule.orphan());

        at(today.plus(Duration.ofDays(400))).around();

        assertThat(deleted()).containsExactly(old).doesNotContain(young);
    }

    @Test
    void moreThanOnePageIsDeletedPageByPageAndEachOnce() {
        var schedule = hourly(new ScheduleRetention(1L, null));
        var source = schedule.instanceId();
        var made = IntStream.range(0, 231)
                .mapToObj(i -> showSnapshot(source, today.minusSeconds(1000 - i), true))
                .toList();
        ranOnce(schedule, made.getLast());

        for (var look = 0; look < 5; look++) {
            at(schedule.nextRunAt()).around();
            letTimePass();
            for (var envelope : published) {
                sql(
                        """
                        insert into operation_view (id, kind, status, snapshot_id, created_at, body)
                        values ($1, 'snapshot.delete', 'accepted', $2, $3, '{}') on conflict do nothing
                        """,
                        envelope.id().value(),
                        envelope.command().key(),
                        envelope.issuedAt().atOffset(ZoneOffset.UTC));
            }
        }

        assertThat(deleted()).containsExactlyElementsOf(made.subList(0, 230));
    }

    @Test
    void whenTheInstanceIsGoneRetentionGoesOnUntilThereIsNothingLeft() {
        var schedule = hourly(new ScheduleRetention(null, GoDuration.parse("24h")));
        var source = schedule.instanceId();
        var old = showSnapshot(source, today.minus(Duration.ofHours(25)), true);
        showSnapshot(source, today.minus(Duration.ofHours(1)), true);
        show(schedule.orphan());
        var later = schedule.nextRunAt().plusSeconds(1);

        at(later).around();
        assertThat(deleted()).containsExactly(old);
        assertThat(published).hasSize(1);
        sql("update snapshot_view set deleted_at = now()");
        letTimePass();
        at(later).around();

        assertThat(published).hasSize(2);
        assertThat(published.stream().skip(1).findFirst().orElseThrow().command())
                .isEqualTo(new Command.DeleteSchedule(schedule.id(), source, true));
    }

    @Test
    void whenTheInstanceIsGoneWhatOnlyACountBoundsStays() {
        var schedule = hourly(new ScheduleRetention(2L, null));
        showSnapshot(schedule.instanceId(), today.minusSeconds(1), true);
        showSnapshot(schedule.instanceId(), today.minusSeconds(2), true);
        show(schedule.orphan());

        at(schedule.nextRunAt()).around();

        assertThat(deleted()).isEmpty();
        assertThat(only().command()).isEqualTo(new Command.DeleteSchedule(schedule.id(), schedule.instanceId(), true));
    }

    @Test
    void aReadModelThatIsBeingMadeAnewIsNotActedOn() {
        var schedule = hourly();
        ranOnce(schedule, new SnapshotId(newId()));
        at(schedule.nextRunAt()).around();
        letTimePass();
        show(schedule);

        at(schedule.nextRunAt()).around();

        assertThat(published).isEmpty();
    }

    @Test
    void aScheduleThatIsGoneIsForgotten() {
        var schedule = hourly();
        show(schedule);
        at(schedule.nextRunAt()).around();
        sql("update schedule_view set deleted_at = now()");
        letTimePass();

        at(schedule.nextRunAt()).around();

        assertThat(published).hasSize(1);
        assertThat(sql("select from schedule_turn").rowCount()).isZero();
    }
}
