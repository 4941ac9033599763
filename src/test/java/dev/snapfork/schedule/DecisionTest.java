package dev.snapfork.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SchedulePlan;
import dev.snapfork.snapshot.ScheduleRetention;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecisionTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final SchedulePlan HOURLY =
            new SchedulePlan(GoDuration.parse("1h"), null, Map.of(), new ScheduleRetention(2L, null));
    private static final SnapshotSchedule NEW =
            SnapshotSchedule.first(new ScheduleId("s".repeat(24)), new InstanceId("i".repeat(24)), HOURLY, NOW);
    private static final Instant DUE = NEW.nextRunAt();
    private static final Turn.End DONE = new Turn.End(OperationStatus.SUCCEEDED, null);
    private static final Turn.End CANCELLED = new Turn.End(OperationStatus.CANCELLED, "cancelled on request");

    private static Turn untouched(SnapshotSchedule schedule) {
        return new Turn(schedule.id(), schedule, false, null, 0, false, false, 0, null, true);
    }

    /** Of a schedule whose run was published when it looked like {@code before}. */
    private static Turn published(
            SnapshotSchedule before, SnapshotSchedule now, int attempt, Turn.@Nullable End end, boolean stale) {
        return new Turn(now.id(), now, false, Decision.commandFor(before, attempt), attempt, stale, true, 0, end, true);
    }

    private static SnapshotSchedule begun() {
        return NEW.started(Decision.commandFor(NEW, 0), DUE);
    }

    private static SnapshotSchedule ended() {
        return begun().succeeded(new SnapshotId("a".repeat(24)));
    }

    @Test
    void aRunIsPublishedWhenItIsDueAndNotBefore() {
        assertThat(Decision.of(untouched(NEW), DUE.minusNanos(1000))).isEqualTo(new Step.Rest());
        assertThat(Decision.of(untouched(NEW), DUE)).isEqualTo(new Step.Run(NEW, 0, null));
        assertThat(Decision.of(untouched(NEW), DUE.plus(Duration.ofDays(300)))).isEqualTo(new Step.Run(NEW, 0, null));
    }

    @Test
    void aRunThatIsDueMuchTooLateIsDueNow() {
        var setBack = NOW.minus(Duration.ofHours(1)).minus(Duration.ofMinutes(11));

        assertThat(Decision.of(untouched(NEW), setBack)).isEqualTo(new Step.Run(NEW, 0, null));
    }

    @Test
    void whatIsPublishedIsWaitedForAndPublishedAgainAsTheSameCommandWhenItMayBeLost() {
        assertThat(Decision.of(published(NEW, NEW, 0, null, false), DUE)).isEqualTo(new Step.Wait());
        assertThat(Decision.of(published(NEW, NEW, 0, null, true), DUE)).isEqualTo(new Step.Run(NEW, 0, null));
    }

    @Test
    void aCommandThatEndedBeforeTheRunBeganIsFollowedByOneThatNotesThat() {
        assertThat(Decision.of(published(NEW, NEW, 0, CANCELLED, false), DUE))
                .isEqualTo(new Step.Run(NEW, 1, "cancelled on request"));
        assertThat(Decision.of(published(NEW, NEW, 1, new Turn.End(OperationStatus.FAILED, null), false), DUE))
                .isEqualTo(new Step.Run(NEW, 2, "the run was not begun"));
    }

    @Test
    void aRunInWorkIsWaitedForAlsoWhenTheNextIsDue() {
        var begun = begun();

        assertThat(Decision.of(published(NEW, begun, 0, null, false), DUE)).isEqualTo(new Step.Wait());
        assertThat(Decision.of(published(NEW, begun, 0, null, false), begun.nextRunAt()))
                .isEqualTo(new Step.Wait());
        // the worker could not note how it ended
        assertThat(Decision.of(published(NEW, begun, 0, DONE, false), begun.nextRunAt()))
                .isEqualTo(new Step.Run(begun, 0, null));
    }

    @Test
    void retentionComesAfterSuccessAndNotBeforeTheSnapshotCanBeSeen() {
        var ended = ended();
        var unseen = new Turn(ended.id(), ended, false, Decision.commandFor(NEW, 0), 0, false, true, 0, DONE, false);

        assertThat(Decision.of(published(NEW, ended, 0, DONE, false), DUE)).isEqualTo(new Step.Retain(ended));
        assertThat(Decision.of(published(NEW, ended, 0, null, false), DUE)).isEqualTo(new Step.Wait());
        assertThat(Decision.of(unseen, DUE)).isEqualTo(new Step.Wait());
        assertThat(Decision.of(published(NEW, begun().failed("no"), 0, CANCELLED, false), DUE))
                .isEqualTo(new Step.Rest());
        assertThat(Decision.of(published(NEW, ended.missed("no", DUE), 0, DONE, false), DUE))
                .isEqualTo(new Step.Rest());
    }

    @Test
    void aRunThatWasRejectedSinceTheIntervalChangedIsOver() {
        var changed = NEW.changed(
                new SchedulePlan(GoDuration.parse("2h"), null, Map.of(), new ScheduleRetention(2L, null)), DUE);
        var end = new Turn.End(OperationStatus.REJECTED, "not due any more");

        assertThat(Decision.of(published(NEW, changed, 0, end, false), DUE)).isEqualTo(new Step.Rest());
        assertThat(Decision.of(published(NEW, changed, 0, end, false), changed.nextRunAt()))
                .isEqualTo(new Step.Run(changed, 0, null));
    }

    @Test
    void withoutItsInstanceThereIsRetentionOnlyAndWithoutTheScheduleNothing() {
        var orphan = NEW.orphan();

        assertThat(Decision.of(untouched(orphan), DUE.plus(Duration.ofDays(9)))).isEqualTo(new Step.Retain(orphan));
        assertThat(Decision.of(new Turn(NEW.id(), null, false, null, 0, false, true, 0, null, false), DUE))
                .isEqualTo(new Step.Forget());
    }

    @Test
    void aReadModelThatIsBeingMadeAnewIsNotActedOn() {
        for (var schedule : List.of(NEW, ended(), NEW.orphan())) {
            var turn =
                    new Turn(schedule.id(), schedule, true, Decision.commandFor(NEW, 0), 0, false, true, 0, DONE, true);

            assertThat(Decision.of(turn, DUE)).isEqualTo(new Step.Wait());
        }
    }

    @Test
    void theCommandFollowsFromTheScheduleTheRunAndTheTime() {
        var ended = ended();

        assertThat(Decision.commandFor(NEW, 0))
                .isEqualTo(Decision.commandFor(NEW.changed(HOURLY, NOW.plusSeconds(1)), 0))
                .isNotEqualTo(Decision.commandFor(NEW, 1))
                .isNotEqualTo(Decision.commandFor(ended, 0))
                .isNotEqualTo(new OperationId("o".repeat(24)));
    }
}
