package dev.snapfork.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsTest {
    private static final long FRAME_NANOS = 1_000;

    private long now = Long.MAX_VALUE - 5_000;

    private Turns<String> turns(int threads) {
        return new Turns<>(threads, () -> now);
    }

    private static void add(Turns<String> turns, Urgency urgency, String job, int tasks) {
        for (int i = 1; i <= tasks; i++) {
            turns.add(job, urgency, job + i);
        }
    }

    /** Does what is due, one after the other, each in a moment. */
    private static List<String> drain(Turns<String> turns) {
        List<String> done = new ArrayList<>();
        for (Turns.Turn<String> turn = turns.poll(); turn != null; turn = turns.poll()) {
            done.add(turn.task());
            turns.ended(turn, 0);
        }
        return done;
    }

    private static Turns.Turn<String> due(Turns<String> turns) {
        return Objects.requireNonNull(turns.poll());
    }

    private static String taskOf(Turns.@Nullable Turn<String> turn) {
        return turn == null ? "none" : turn.task();
    }

    /** Lets background tasks pass until it is known how long they take. */
    private void teachFrameTime(Turns<String> turns) {
        for (int i = 0; i < 200; i++) {
            turns.add("lesson", Urgency.BACKGROUND, "lesson");
            Turns.Turn<String> turn = due(turns);
            now += FRAME_NANOS;
            turns.ended(turn, 0);
        }
    }

    @Test
    void pressingTasksComeFirstHoweverManyOthersWaited() {
        Turns<String> turns = turns(1);
        add(turns, Urgency.BACKGROUND, "pack", 3);
        add(turns, Urgency.PRESSING, "fork", 2);

        assertThat(drain(turns)).containsExactly("fork1", "fork2", "pack1", "pack2", "pack3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRESSING", "BACKGROUND"})
    void jobsOfAClassTakeTurnsSoThatALongOneKeepsNobodyWaiting(Urgency urgency) {
        Turns<String> turns = turns(1);
        add(turns, urgency, "long", 6);
        add(turns, urgency, "b", 2);
        add(turns, urgency, "c", 1);

        assertThat(drain(turns))
                .containsExactly("long1", "b1", "c1", "long2", "b2", "long3", "long4", "long5", "long6");
    }

    @Test
    void aJobThatComesLateWaitsForOneTaskOfEachOther() {
        Turns<String> turns = turns(1);
        add(turns, Urgency.BACKGROUND, "long", 4);
        Turns.Turn<String> first = due(turns);
        add(turns, Urgency.BACKGROUND, "short", 1);
        assertThat(taskOf(first)).isEqualTo("long1");
        turns.ended(first, 0);

        assertThat(drain(turns)).startsWith("long2", "short1");
    }

    @Test
    void aPressingJobThatHasNothingToDoForAMomentKeepsTheThreadsFromSlowTasks() {
        Turns<String> turns = turns(2);
        add(turns, Urgency.BACKGROUND, "pack", 1);
        turns.press();

        assertThat(turns.poll()).isNull();

        turns.relax();
        assertThat(taskOf(turns.poll())).isEqualTo("pack1");
    }

    @Test
    void underEndlessPressureABackgroundTaskGoesAheadOnceItWaitedEightTimesAsLongAsOneTakes() {
        Turns<String> turns = turns(2);
        teachFrameTime(turns);
        turns.press();
        add(turns, Urgency.BACKGROUND, "pack", 3);
        add(turns, Urgency.PRESSING, "fork", 100);
        long patience = Turns.PATIENCE * FRAME_NANOS;

        now += patience / 2;
        assertThat(taskOf(turns.poll())).isEqualTo("fork1");
        now += patience / 2 + FRAME_NANOS;
        Turns.Turn<String> ahead = due(turns);
        assertThat(taskOf(ahead)).isEqualTo("pack1");
        assertThat(taskOf(turns.poll())).isEqualTo("fork2");
        now += 2 * patience;
        assertThat(taskOf(turns.poll())).as("one at a time").isEqualTo("fork3");
        turns.ended(ahead, 0);
        assertThat(taskOf(turns.poll())).as("such tasks take longer now").isEqualTo("fork4");
        now += 3 * patience;
        assertThat(taskOf(turns.poll())).isEqualTo("pack2");
    }

    @Test
    void timeThatATaskLentToPressingOnesDoesNotMakeTheNextOneWait() {
        Turns<String> turns = turns(1);
        teachFrameTime(turns);
        turns.press();
        add(turns, Urgency.BACKGROUND, "pack", 2);
        add(turns, Urgency.PRESSING, "fork", 100);
        long patience = Turns.PATIENCE * FRAME_NANOS;
        now += patience + FRAME_NANOS;
        Turns.Turn<String> slow = due(turns);
        assertThat(taskOf(slow)).isEqualTo("pack1");

        now += patience + FRAME_NANOS;
        turns.ended(slow, patience);

        assertThat(taskOf(turns.poll())).isEqualTo("pack2");
    }

    @Test
    void aPressingJobOnItsCallersThreadTakesAThreadFromBackgroundTasksButNotTheLast() {
        Turns<String> turns = turns(2);
        add(turns, Urgency.BACKGROUND, "pack", 4);
        turns.callerWorks();

        Turns.Turn<String> only = due(turns);
        assertThat(taskOf(only)).isEqualTo("pack1");
        assertThat(turns.poll()).isNull();
        turns.callerWorks();
        turns.ended(only, 0);
        assertThat(taskOf(turns.poll())).isEqualTo("pack2");
        turns.callerLeaves();
        turns.callerLeaves();
        assertThat(taskOf(turns.poll())).isEqualTo("pack3");
    }

    @Test
    void closingEndsTheWait() throws InterruptedException {
        Turns<String> turns = turns(1);
        Thread waiting = Thread.ofPlatform().start(turns::next);

        turns.close();

        waiting.join(60_000);
        assertThat(waiting.isAlive()).isFalse();
    }
}
