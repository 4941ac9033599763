package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.OwnSchema;
import dev.snapfork.event.Event;
import dev.snapfork.health.Health;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.log.Topics;
import dev.snapfork.platform.Configured;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SchedulePlan;
import dev.snapfork.snapshot.ScheduleRetention;
import dev.snapfork.snapshot.SnapshotSchedule;
import dev.snapfork.view.ReadModelBatch;
import dev.snapfork.view.ReadModelWriter;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresOvertakenAggregatesTest extends OvertakenAggregatesContract {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private @Nullable OwnSchema schema;

    @BeforeEach
    void makeTables() throws IOException {
        schema = new OwnSchema(
                "V1__read_model.sql",
                "V4.1__health.sql",
                "V5.1__overtaken_aggregates.sql",
                "V6__snapshot_schedules.sql");
    }

    @AfterEach
    void dropTables() {
        if (schema != null) {
            schema.close();
        }
    }

    private Pool pool() {
        if (schema == null) {
            throw new IllegalStateException("there are no tables");
        }
        return schema.pool();
    }

    @Test
    void aScheduleIsToldByItsInstanceAndAFindingByItsSubject() {
        var schedule = SnapshotSchedule.first(
                new ScheduleId("c".repeat(24)),
                new InstanceId("i".repeat(24)),
                new SchedulePlan(GoDuration.parse("1h"), null, Map.of(), new ScheduleRetention(3L, null)),
                NOW);
        var next = schedule.changed(schedule.plan(), NOW);
        var finding = Health.found(Health.Subject.SNAPSHOT, "s".repeat(24), 6, null, NOW);
        var aggregate = Event.HealthFound.aggregateOf(finding.id());
        var newest = new ReadModelBatch();
        newest.schedule(next, null);
        newest.told(next.id().value(), next.version(), Topics.EVENTS, 0, 0);
        newest.finding(finding);
        newest.told(aggregate, finding.version(), Topics.EVENTS, 0, 1);
        newest.checkpoint(Topics.EVENTS, 0, 2);
        readModel().apply(newest).await().atMost(LIMIT);

        var late = new ReadModelBatch();
        late.schedule(schedule, null);
        late.told(schedule.id().value(), schedule.version(), Topics.EVENTS, 0, 2);
        late.told(aggregate, 1, Topics.EVENTS, 0, 3);
        late.checkpoint(Topics.EVENTS, 0, 4);
        readModel().apply(late).await().atMost(LIMIT);

        assertThat(overtaken().after(""))
                .containsExactly(
                        new OvertakenAggregates.Overtaken(
                                schedule.id().value(),
                                OvertakenAggregates.Kind.SCHEDULE,
                                schedule.instanceId().value(),
                                2),
                        new OvertakenAggregates.Overtaken(
                                aggregate, OvertakenAggregates.Kind.FINDING, finding.id(), 3));
    }

    @Override
    ReadModelWriter readModel() {
        return new ReadModelWriter(pool());
    }

    @Override
    OvertakenAggregates overtaken() {
        return new PostgresOvertakenAggregates(pool(), Configured.with(Map.of()));
    }
}
