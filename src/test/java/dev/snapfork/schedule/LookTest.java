package dev.snapfork.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.snapshot.SnapshotId;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which runs are published, and when. */
class LookTest extends ScheduleLab {
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
