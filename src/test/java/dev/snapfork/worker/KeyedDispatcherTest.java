package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeyedDispatcherTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void workOfOneKeyIsDoneInOrderOneAtATimeAndNeverMoreThanTheCapacity() throws InterruptedException {
        for (var seed = 0; seed < 20; seed++) {
            run(new Random(seed), 1 + seed % 8, 400);
        }
    }

    private static void run(Random random, int capacity, int pieces) throws InterruptedException {
        Map<Integer, List<Integer>> done = new ConcurrentHashMap<>();
        var expected = new HashMap<Integer, List<Integer>>();
        Map<Integer, Boolean> inWork = new ConcurrentHashMap<>();
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var overlaps = new AtomicInteger();
        var left = new CountDownLatch(pieces);
        try (var dispatcher = new KeyedDispatcher("test", capacity)) {
            for (var i = 0; i < pieces; i++) {
                var piece = i;
                var key = random.nextInt(5);
                expected.computeIfAbsent(key, k -> new ArrayList<>()).add(piece);
                var fails = random.nextInt(10) == 0;
                dispatcher
                        .dispatch("key" + key, () -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            if (inWork.put(key, true) != null) {
                                overlaps.incrementAndGet();
                            }
                            done.computeIfAbsent(key, k -> Collections.synchronizedList(new ArrayList<>()))
                                    .add(piece);
                            inWork.remove(key);
                            running.decrementAndGet();
                            left.countDown();
                            if (fails) {
                                throw new IllegalStateException("one that fails must not hold up the next");
                            }
                        })
                        .await()
                        .atMost(LIMIT);
            }
            assertThat(left.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(done).isEqualTo(expected);
        assertThat(overlaps).hasValue(0);
        assertThat(most.get()).isLessThanOrEqualTo(capacity);
    }

    @Test
    void theCallerIsHeldBackWhenTheCapacityIsTaken() {
        var go = new CountDownLatch(1);
        try (var dispatcher = new KeyedDispatcher("test", 2)) {
            var first = dispatcher.dispatch("a", () -> await(go)).subscribeAsCompletionStage();
            var second = dispatcher.dispatch("b", () -> await(go)).subscribeAsCompletionStage();

            assertThat(first).isCompleted();
            assertThat(second).isNotDone();
            go.countDown();
            assertThat(second).succeedsWithin(LIMIT);
        }
    }

    @Test
    void keysDoNotWaitForEachOther() throws InterruptedException {
        var go = new CountDownLatch(1);
        var other = new CountDownLatch(1);
        try (var dispatcher = new KeyedDispatcher("test", 4)) {
            dispatcher.dispatch("slow", () -> await(go)).await().atMost(LIMIT);
            dispatcher.dispatch("fast", other::countDown).await().atMost(LIMIT);

            assertThat(other.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            go.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
