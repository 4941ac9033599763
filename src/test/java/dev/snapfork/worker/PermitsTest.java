package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PermitsTest {
    @Test
    void asManyAsThereArePermitsAreInAndNoMore() throws InterruptedException {
        var permits = new Permits(3);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (var i = 0; i < 20; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                acquire(permits, () -> false);
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                inside.decrementAndGet();
                permits.release();
            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isBetween(1, 3);
        assertThat(inside).hasValue(0);
    }

    @Test
    void thoseWhoWaitComeInInTheOrderTheyCame() throws InterruptedException {
        var permits = new Permits(1);
        acquire(permits, () -> false);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        var threads = new ArrayList<Thread>();
        for (var i = 0; i < 8; i++) {
            var number = i;
            var looked = new CountDownLatch(1);
            threads.add(Thread.ofPlatform().start(() -> {
                acquire(permits, () -> {
                    looked.countDown();
                    return false;
                });
                order.add(number);
                permits.release();
            }));
            // it has its place in the queue when it looks
            assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
        }

        permits.release();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void whoIsCancelledBeforehandTakesNoPermit() throws InterruptedException {
        var permits = new Permits(1);

        assertThatThrownBy(() -> permits.acquire(() -> true)).isInstanceOf(CancellationException.class);

        acquire(permits, () -> false);
    }

    @Test
    void whoIsCancelledWhileWaitingGivesUpAndHoldsNobodyUp() throws InterruptedException {
        var permits = new Permits(1);
        acquire(permits, () -> false);
        var cancelled = new AtomicBoolean();
        var gaveUp = new CountDownLatch(1);
        var waiting = Thread.ofPlatform().start(() -> {
            try {
                permits.acquire(cancelled::get);
            } catch (CancellationException e) {
                gaveUp.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        cancelled.set(true);
        assertThat(gaveUp.await(30, TimeUnit.SECONDS)).isTrue();
        waiting.join();
        permits.release();

        acquire(permits, () -> false);
    }

    private static void acquire(Permits permits, BooleanSupplier cancelled) {
        try {
            permits.acquire(cancelled);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
