package dev.snapfork.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotScheduleTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final InstanceId I = new InstanceId("i".repeat(24));
    private static final OperationId O = new OperationId("o".repeat(24));
    private static final ScheduleRetention SEVEN = new ScheduleRetention(7L, null);

    private static SchedulePlan every(String interval) {
        return new SchedulePlan(GoDuration.parse(interval), null, Map.of(), SEVEN);
    }

    private static SnapshotSchedule hourly() {
        return SnapshotSchedule.first(new ScheduleId("s".repeat(24)), I, every("1h"), NOW);
    }

    @ParameterizedTest
    @CsvSource({"1m,6", "10m,60", "50m,300", "24h,300", "8760h,300"})
    void theFirstRunComesAnIntervalFromNowAndALittleLaterForEachInstance(String text, long bound) {
        var random = new Random(7);
        var interval = GoDuration.parse(text).value();
        var seen = new HashSet<Duration>();

        for (var i = 0; i < 200; i++) {
            var instance = new InstanceId(Cuid.random(random));
            var late = Duration.between(NOW.plus(interval), Cadence.first(instance, interval, NOW));
            assertThat(late).isBetween(Duration.ZERO, Duration.ofSeconds(bound).minusNanos(1));
            assertThat(Cadence.first(instance, interval, NOW.plusSeconds(9)))
                    .isEqualTo(Cadence.first(instance, interval, NOW).plusSeconds(9));
            seen.add(late);
        }

        assertThat(seen).hasSizeGreaterThan(190);
        assertThat(seen.stream().filter(late -> late.toMillis() > bound * 500).count())
                .isBetween(50L, 150L);
    }

    @Test
    void runsThatNobodyWasThereForAreMadeUpForByOne() {
        var schedule = hourly();
        var due = schedule.nextRunAt();

        var late = schedule.started(O, due.plus(Duration.ofHours(30)).plusSeconds(5));

        assertThat(late.nextRunAt()).isEqualTo(due.plus(Duration.ofHours(31)));
        assertThat(late.runs()).isEqualTo(1);
        assertThat(late.expects(1, due)).isFalse();
        assertThat(late.expects(2, late.nextRunAt())).isTrue();
    }

    @Test
    void aRunAtTheVeryTimeIsFollowedByOneAnIntervalLater() {
        var schedule = hourly();

        assertThat(schedule.started(O, schedule.nextRunAt()).nextRunAt())
                .isEqualTo(schedule.nextRunAt().plus(Duration.ofHours(1)));
    }

    @Test
    void aWorkerWhoseClockIsBehindDoesNotSetTheSameRunAgain() {
        var schedule = hourly();
        var due = schedule.nextRunAt();

        for (var behind : new Duration[] {Duration.ofMillis(1), Duration.ofMinutes(59), Duration.ofHours(2)}) {
            assertThat(schedule.started(O, due.minus(behind)).nextRunAt()).isEqualTo(due.plus(Duration.ofHours(1)));
        }
    }

    @Test
    void whatAClockThatWasAheadHasSetIsSetToTheNextTimeThatIsRight() {
        var schedule = hourly();
        var due = schedule.nextRunAt();
        var setBack = due.minus(Duration.ofDays(365)).plusSeconds(1);

        assertThat(setBack).isBefore(Cadence.plausibleFrom(due, Duration.ofHours(1)));
        assertThat(NOW).isAfter(Cadence.plausibleFrom(due, Duration.ofHours(1)));
        var next = schedule.started(O, setBack).nextRunAt();
        assertThat(next).isAfter(setBack).isBeforeOrEqualTo(setBack.plus(Duration.ofHours(1)));
        assertThat(Duration.between(next, due).toSeconds() % 3600).isZero();
    }

    @Test
    void theNextRunStaysWhereItIsUnlessTheIntervalIsAnother() {
        var schedule = hourly();
        var later = NOW.plus(Duration.ofMinutes(30));

        var renamed =
                schedule.changed(new SchedulePlan(GoDuration.parse("60m"), "nightly", Map.of("k", "v"), SEVEN), later);
        var slower = schedule.changed(every("2h"), later);

        assertThat(renamed.nextRunAt()).isEqualTo(schedule.nextRunAt());
        assertThat(renamed.updatedAt()).isEqualTo(later);
        assertThat(renamed.createdAt()).isEqualTo(NOW);
        assertThat(slower.nextRunAt())
                .isEqualTo(SnapshotSchedule.first(schedule.id(), I, every("2h"), later)
                        .nextRunAt());
        assertThat(slower.version()).isEqualTo(2);
    }

    @Test
    void whatTheLastRunThatSucceededMadeStaysWhenOneFails() {
        var made = new SnapshotId("a".repeat(24));
        var first = hourly();
        var running = first.started(O, first.nextRunAt());
        var done = running.succeeded(made);
        var failed = done.started(O, done.nextRunAt()).failed("no space");
        var missed = failed.missed("cancelled", failed.nextRunAt());

        assertThat(running.currentOperationId()).isEqualTo(O);
        assertThat(running.lastSnapshotId()).isNull();
        assertThat(done.lastSnapshotId()).isEqualTo(made);
        assertThat(done.currentOperationId()).isNull();
        assertThat(failed.lastSnapshotId()).isEqualTo(made);
        assertThat(failed.lastError()).isEqualTo("no space");
        assertThat(missed.lastError()).isEqualTo("cancelled");
        assertThat(missed.runs()).isEqualTo(3);
        assertThat(missed.nextRunAt()).isEqualTo(failed.nextRunAt().plus(Duration.ofHours(1)));
        assertThat(missed.started(O, missed.nextRunAt()).lastError()).isNull();
    }

    @Test
    void aScheduleWithoutItsInstanceExpectsNoRun() {
        var orphan = hourly().orphan();

        assertThat(orphan.expects(1, orphan.nextRunAt())).isFalse();
        assertThat(hourly().expects(1, orphan.nextRunAt())).isTrue();
    }

    @Test
    void snapshotsAreNamedAfterTheTimeInUtcAndTagged() {
        var plan = new SchedulePlan(
                GoDuration.parse("1h"), "p".repeat(47), Map.of("team", "x", "hypeman.scheduled", "no"), SEVEN);
        var schedule = SnapshotSchedule.first(new ScheduleId("s".repeat(24)), I, plan, NOW);

        assertThat(hourly().snapshotName(NOW)).isEqualTo("scheduled-20260301-100000");
        assertThat(schedule.snapshotName(NOW)).hasSize(63).endsWith("-20260301-100000");
        assertThat(schedule.snapshotTags())
                .isEqualTo(Map.of("team", "x", "hypeman.scheduled", "true", "hypeman.schedule_instance_id", I.value()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        59s     | 7  | -    | interval must be at least 1m0s, got 59s
        -1h     | 7  | -    | interval must be at least
        1h      | -  | -    | max_count or max_age
        1h      | 0  | -    | above 0
        1h      | 0  | 0s   | above 0
        1h      | -1 | 1h   | max_count must be at least 0
        1h      | 7  | -1s  | max_age must not be negative
        1m      | 1  | -    | -
        8760h   | -  | 1ns  | -
        1h      | 0  | 24h  | -
        """)
    void aPlanHasAnIntervalAndABound(String interval, Long count, String age, String problem) {
        var plan = new SchedulePlan(
                GoDuration.parse(interval),
                null,
                Map.of(),
                new ScheduleRetention(count, age == null ? null : GoDuration.parse(age)));

        var found = plan.problem(SchedulePlan.MIN_INTERVAL).map(Refusal::message);

        if (problem == null) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found.orElseThrow()).contains(problem);
        }
    }

    @ParameterizedTest
    @CsvSource({"48,false", "49,true"})
    void thereIsRoomForTheTagsThatAreAdded(int count, boolean refused) {
        var metadata = IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));
        var plan = new SchedulePlan(GoDuration.parse("1h"), null, metadata, SEVEN);

        assertThat(plan.problem(SchedulePlan.MIN_INTERVAL).isPresent()).isEqualTo(refused);
    }

    @ParameterizedTest
    @EnumSource(InstanceState.class)
    void theStateDecidesWhatIsTaken(InstanceState state) {
        switch (state) {
            case RUNNING, STANDBY -> assertThat(Cadence.kind(state)).isEqualTo(SnapshotKind.STANDBY);
            case STOPPED -> assertThat(Cadence.kind(state)).isEqualTo(SnapshotKind.STOPPED);
            case CREATED, INITIALIZING, PAUSED, SHUTDOWN, UNKNOWN ->
                assertThatThrownBy(() -> Cadence.kind(state))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("got " + state.text());
        }
    }

    @Test
    void theJsonIsTheApis() {
        assertThat(WireJson.text(hourly())
                        .replace("s".repeat(24), "S")
                        .replace("i".repeat(24), "I")
                        .replaceFirst("\"next_run_at\":\"[^\"]*\"", "\"next_run_at\":\"N\""))
                .isEqualTo("""
                        {"id":"S","instance_id":"I","interval":"1h0m0s","retention":{"max_count":7},"next_run_at":"N",\
                        "created_at":"2026-03-01T10:00:00.123456Z","updated_at":"2026-03-01T10:00:00.123456Z",\
                        "runs":0,"version":1}""");
        var all = SnapshotSchedule.first(
                        new ScheduleId("s".repeat(24)),
                        I,
                        new SchedulePlan(
                                GoDuration.parse("90s"),
                                "p",
                                Map.of("a", "b"),
                                new ScheduleRetention(null, GoDuration.parse("24h"))),
                        NOW)
                .started(O, NOW)
                .failed("why")
                .orphan();
        assertThat(WireJson.read(WireJson.text(all), SnapshotSchedule.class)).isEqualTo(all);
    }
}
