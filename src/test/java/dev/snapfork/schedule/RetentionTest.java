package dev.snapfork.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.snapshot.ScheduleRetention;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which snapshots of a schedule are deleted, and what becomes of one whose instance is gone. */
class RetentionTest extends ScheduleLab {
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
}
