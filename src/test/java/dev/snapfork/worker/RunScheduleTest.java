package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.Guests;
import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SchedulePlan;
import dev.snapfork.snapshot.ScheduleRetention;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.SnapshotSchedule;
import dev.snapfork.store.Found;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.ScheduleManifest;
import dev.snapfork.store.SnapshotManifest;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The worker's side of schedules, at times of the test's choosing. */
@QuarkusTest
@Timeout(180)
class RunScheduleTest {
    private static final SchedulePlan HOURLY =
            new SchedulePlan(GoDuration.parse("1h"), "nightly", Map.of("team", "x"), new ScheduleRetention(3L, null));
    private final Instant today = Instant.now().truncatedTo(ChronoUnit.MICROS);

    private final Execution execution;
    private final Settlements settlements;
    private final PayloadStore store;
    private final Pool pool;
    private final ApiClient api = ApiClient.at(ConfigProvider.getConfig().getValue("test.url", String.class));
    private final Guests guests =
            new Guests(Path.of(ConfigProvider.getConfig().getValue("snapfork.data-dir", String.class)), api);

    @Inject
    RunScheduleTest(Execution execution, Settlements settlements, PayloadStore store, Pool pool) {
        this.execution = execution;
        this.settlements = settlements;
        this.pool = pool;
        this.store = store;
    }

    private Outcome handle(OperationId id, Command command, Instant now) throws IOException {
        var outcome = attempt(id, command, now, () -> false);
        store.staging().discard(id);
        return outcome;
    }

    private Outcome attempt(OperationId id, Command command, Instant now, BooleanSupplier cancelled)
            throws IOException {
        var attempt = new AttemptId(id, Cuid.random(RandomGenerator.getDefault()));
        var work = new Work(
                new CommandEnvelope(id, now, command),
                attempt,
                new Places.Place(store.staging().open(id, attempt.name()), null),
                () -> false,
                cancelled,
                Clock.fixed(now, ZoneOffset.UTC),
                (started, reached) -> {});
        assertThat(settlements.begin(attempt)).isEmpty();
        return execution.run(command, work, failure -> {
            throw failure instanceof Error dead ? dead : new AssertionError(failure);
        });
    }

    private SnapshotSchedule set(InstanceId instance) throws IOException {
        var schedule = scheduled(handle(Runs.newOperation(), new Command.SetSchedule(instance, HOURLY), today));
        // the service's own scheduler leaves it alone
        pool.preparedQuery("insert into schedule_turn (schedule, until) values ($1, 'infinity') on conflict do nothing")
                .execute(Tuple.of(schedule.id().value()))
                .await()
                .atMost(Duration.ofSeconds(30));
        return schedule;
    }

    private static SnapshotSchedule scheduled(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Scheduled.class);
        return ((Outcome.Scheduled) outcome).schedule();
    }

    private SnapshotSchedule stored(InstanceId instance) throws IOException {
        return manifest(instance).schedule();
    }

    private ScheduleManifest manifest(InstanceId instance) throws IOException {
        assertThat(store.schedules().find(instance)).isInstanceOf(Found.Present.class);
        return ((Found.Present<ScheduleManifest>) store.schedules().find(instance)).manifest();
    }

    private Snapshot snapshot(SnapshotId id) throws IOException {
        assertThat(store.snapshots().find(id)).isInstanceOf(Found.Present.class);
        return ((Found.Present<SnapshotManifest>) store.snapshots().find(id))
                .manifest()
                .snapshot();
    }

    @Test
    void aRunTakesASnapshotOfTheInstanceAsItIs() throws IOException {
        for (var standby : new boolean[] {true, false}) {
            var instance = new InstanceId(standby ? guests.newStandby() : guests.newStopped());
            var schedule = set(instance);
            var run = Runs.next(schedule, null);
            var late = schedule.nextRunAt().plus(Duration.ofMinutes(7));

            assertThat(handle(Runs.newOperation(), run, late)).isInstanceOf(Outcome.Succeeded.class);

            var made = snapshot(run.snapshot());
            assertThat(made.kind()).isEqualTo(standby ? SnapshotKind.STANDBY : SnapshotKind.STOPPED);
            assertThat(made.name()).isEqualTo(schedule.snapshotName(late)).startsWith("nightly-");
            assertThat(made.tags())
                    .isEqualTo(Map.of(
                            "team",
                            "x",
                            "hypeman.scheduled",
                            "true",
                            "hypeman.schedule_instance_id",
                            instance.value()));
            var after = stored(instance);
            assertThat(after.runs()).isEqualTo(1);
            assertThat(after.lastRunAt()).isEqualTo(late);
            assertThat(after.lastSnapshotId()).isEqualTo(run.snapshot());
            assertThat(after.currentOperationId()).isNull();
            assertThat(after.nextRunAt()).isEqualTo(schedule.nextRunAt().plus(Duration.ofHours(1)));
        }
    }

    @Test
    void aCommandThatComesAgainAndAnotherForTheSameRunMakeNothingMore() throws IOException {
        var instance = new InstanceId(guests.newStopped());
        var schedule = set(instance);
        var run = Runs.next(schedule, null);
        var id = Runs.newOperation();
        handle(id, run, schedule.nextRunAt());
        var after = stored(instance);

        var again = handle(id, run, schedule.nextRunAt().plusSeconds(20));
        var other = handle(Runs.newOperation(), Runs.next(schedule, null), schedule.nextRunAt());

        assertThat(again).isInstanceOf(Outcome.Succeeded.class);
        assertThat(other).isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> assertThat(
                        rejected.refusal().message())
                .contains("not due any more"));
        assertThat(stored(instance)).isEqualTo(after);
    }

    @Test
    void aRunThatWasBrokenOffAtAnyPointGoesOnWhereItWas() throws IOException {
        class Killed extends Error {
            private static final long serialVersionUID = 1L;
        }
        var instance = new InstanceId(guests.newStandby());
        for (var look = 1; look <= 9; look += 4) {
            var schedule = look == 1 ? set(instance) : stored(instance);
            var run = Runs.next(schedule, null);
            var id = Runs.newOperation();
            var began = schedule.nextRunAt();
            var looks = new AtomicInteger();
            var last = look;
            BooleanSupplier mortal = () -> {
                if (looks.incrementAndGet() >= last) {
                    throw new Killed();
                }
                return false;
            };

            assertThat(catchThrowable(() -> attempt(id, run, began, mortal))).isInstanceOf(Killed.class);
            var between = stored(instance);
            assertThat(between.currentOperationId()).isEqualTo(id);
            assertThat(between.nextRunAt()).isAfter(began);
            assertThat(handle(id, run, began.plusSeconds(30))).isInstanceOf(Outcome.Succeeded.class);

            assertThat(snapshot(run.snapshot()).name()).isEqualTo(schedule.snapshotName(began));
            assertThat(stored(instance).lastSnapshotId()).isEqualTo(run.snapshot());
            assertThat(stored(instance).runs()).isEqualTo(schedule.runs() + 1);
        }
    }

    @Test
    void whyARunMadeNothingIsShownAndTheNextOneRuns() throws IOException {
        var instance = new InstanceId(guests.newStandby());
        var schedule = set(instance);
        var taken = schedule.snapshotName(schedule.nextRunAt());
        api.post("/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\",\"name\":\"" + taken + "\"}")
                .expect(201);

        var refused = handle(Runs.newOperation(), Runs.next(schedule, null), schedule.nextRunAt());
        assertThat(refused).isInstanceOf(Outcome.Rejected.class);
        var afterRefusal = stored(instance);
        assertThat(afterRefusal.lastError()).contains(taken + " is taken");
        assertThat(afterRefusal.currentOperationId()).isNull();

        var cancelled = Runs.next(afterRefusal, null);
        var now = afterRefusal.nextRunAt();
        var stopped = Runs.newOperation();
        assertThat(attempt(stopped, cancelled, now, () -> true)).isInstanceOf(Outcome.Cancelled.class);
        store.staging().discard(stopped);
        assertThat(stored(instance).lastError()).isEqualTo("cancelled on request");

        var missed = Runs.next(stored(instance), "withdrawn");
        scheduled(handle(Runs.newOperation(), missed, missed.due()));
        assertThat(stored(instance).lastError()).isEqualTo("withdrawn");
        assertThat(stored(instance).runs()).isEqualTo(3);
        assertThat(store.snapshots().find(missed.snapshot())).isInstanceOf(Found.Absent.class);

        var good = Runs.next(stored(instance), null);
        handle(Runs.newOperation(), good, good.due());
        assertThat(stored(instance).lastError()).isNull();
        assertThat(stored(instance).lastSnapshotId()).isEqualTo(good.snapshot());
    }

    @Test
    void settingTheSameAgainChangesNothingAndAnotherIntervalMakesTheRunThatWasPublishedVoid() throws IOException {
        var instance = new InstanceId(guests.newStopped());
        var schedule = set(instance);
        var run = Runs.next(schedule, null);

        assertThat(set(instance)).isEqualTo(schedule);
        var slower = new SchedulePlan(GoDuration.parse("2h"), null, Map.of(), HOURLY.retention());
        var id = Runs.newOperation();
        var changed = scheduled(handle(id, new Command.SetSchedule(instance, slower), today.plusSeconds(60)));
        assertThat(changed.version()).isEqualTo(2);
        assertThat(scheduled(handle(id, new Command.SetSchedule(instance, slower), today.plusSeconds(90))))
                .isEqualTo(changed);

        assertThat(handle(Runs.newOperation(), run, schedule.nextRunAt())).isInstanceOf(Outcome.Rejected.class);
        assertThat(stored(instance)).isEqualTo(changed);
    }

    @Test
    void aScheduleOutlivesItsInstanceWithoutRunningAndThenEnds() throws IOException {
        var instance = new InstanceId(guests.newStopped());
        var schedule = set(instance);
        var early = new Command.DeleteSchedule(schedule.id(), instance, true);
        assertThat(handle(Runs.newOperation(), early, today)).isInstanceOf(Outcome.Rejected.class);
        api.delete("/instances/" + instance).expect(204);

        var id = Runs.newOperation();
        var run = Runs.next(schedule, null);
        assertThat(handle(id, run, schedule.nextRunAt())).isInstanceOf(Outcome.Rejected.class);
        assertThat(handle(id, run, schedule.nextRunAt())).isInstanceOf(Outcome.Rejected.class);
        assertThat(stored(instance).orphaned()).isTrue();
        assertThat(store.snapshots().find(run.snapshot())).isInstanceOf(Found.Absent.class);

        var end = Runs.newOperation();
        assertThat(handle(end, early, today)).isInstanceOf(Outcome.Succeeded.class);
        assertThat(handle(end, early, today)).isInstanceOf(Outcome.Succeeded.class);
        assertThat(handle(Runs.newOperation(), early, today)).isInstanceOf(Outcome.Rejected.class);
        assertThat(manifest(instance).deleted()).isTrue();
        store.schedules().sweep(today.minusSeconds(3600), operation -> false);
        assertThat(manifest(instance).deleted()).isTrue();
        store.schedules().sweep(today.minusSeconds(3600), end::equals);
        assertThat(store.schedules().find(instance)).isInstanceOf(Found.Absent.class);
    }

    @Test
    void aDamagedScheduleIsLeftAsItIs() throws IOException {
        var instance = new InstanceId(guests.newStopped());
        var schedule = set(instance);
        var file = store.layout().schedules().resolve(instance + ".json");
        Files.writeString(file, "{\"schedule\":{");

        assertThat(handle(Runs.newOperation(), Runs.next(schedule, null), schedule.nextRunAt()))
                .isInstanceOf(Outcome.Rejected.class);
        assertThat(handle(Runs.newOperation(), new Command.SetSchedule(instance, HOURLY), today))
                .isInstanceOf(Outcome.Rejected.class);
        assertThat(file).hasContent("{\"schedule\":{");
        Files.delete(file);
    }
}
