package dev.snapfork.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Bounds how many do work of one kind at once; the others wait in the order they came, and can be told to give up. */
final class Permits {
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private int free;

    Permits(int count) {
        free = count;
    }

    /**
     * Takes a permit, which is then to be released.
     *
     * @param cancelled looked at once in any case, and several times a second while waiting
     * @throws CancellationException once that says so; no permit is taken then
     */
    void acquire(BooleanSupplier cancelled) throws InterruptedException {
        var turn = new Object();
        lock.lockInterruptibly();
        try {
            waiting.add(turn);
            while (true) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException("cancelled before its turn");
                }
                if (free > 0 && waiting.peek() == turn) {
                    free--;
                    return;
                }
                var unused = changed.awaitNanos(LOOK_EVERY_NANOS);
            }
        } finally {
            waiting.remove(turn);
            changed.signalAll();
            lock.unlock();
        }
    }

    void release() {
        lock.lock();
        try {
            free++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
