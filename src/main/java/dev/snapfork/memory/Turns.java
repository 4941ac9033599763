package dev.snapfork.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which task a free thread takes on. Tasks are not broken off, so a decision holds for a frame; but a slow frame is
 * interrupted for pressing tasks.
 *
 * <ul>
 *   <li>Pressing tasks come before background ones, and while a pressing job is at work no thread starts a background task even
 *       if there is nothing else to do for a moment: a slow frame takes a thousand times as long as decoding one.
 *   <li>Within a class jobs take turns, task by task, so a job waits for one task of each other job and no longer.
 *   <li>A background task that has waited {@value #PATIENCE} times as long as such a task takes goes ahead, one at a time. So
 *       endless restores leave compression an eighth of one thread.
 *   <li>A pressing job that works on its caller's thread takes one of the threads that background tasks may use, but not the
 *       last one.
 * </ul>
 *
 * @param <T> the tasks
 */
final class Turns<T> {
    static final int PATIENCE = 8;
    private static final long FIRST_TASK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int threads;
    private final LongSupplier nanos;
    private final Map<Urgency, SequencedMap<Object, Deque<T>>> queues = new EnumMap<>(Urgency.class);
    private int pressingJobs;
    private int callers;
    private int backgroundRunning;
    private long backgroundWaitsSince;
    private long backgroundTaskNanos = FIRST_TASK_NANOS;
    private boolean closed;

    /** The clock counts nanoseconds from anywhere. */
    Turns(int threads, LongSupplier nanos) {
        this.threads = threads;
        this.nanos = nanos;
        for (Urgency urgency : Urgency.values()) {
            queues.put(urgency, new LinkedHashMap<>());
        }
    }

    /** A task to be done now; {@link #ended} must follow. */
    record Turn<T>(T task, Urgency urgency, long startedAt) {}

    synchronized void add(Object job, Urgency urgency, T task) {
        if (urgency == Urgency.BACKGROUND && queue(urgency).isEmpty()) {
            backgroundWaitsSince = nanos.getAsLong();
        }
        queue(urgency).computeIfAbsent(job, any -> new ArrayDeque<>()).add(task);
        notifyAll();
    }

    /** A pressing job begins to hand in tasks; {@link #relax} must follow. */
    synchronized void press() {
        pressingJobs++;
    }

    synchronized void relax() {
        pressingJobs--;
        notifyAll();
    }

    /** A pressing job begins to work on its caller's thread; {@link #callerLeaves} must follow. */
    synchronized void callerWorks() {
        callers++;
    }

    synchronized void callerLeaves() {
        callers--;
        notifyAll();
    }

    /** Waits for a turn; null once all is closed. */
    synchronized @Nullable Turn<T> next() {
        while (!closed) {
            Turn<T> turn = poll();
            if (turn != null) {
                return turn;
            }
            try {
                wait(millisToWait());
            } catch (InterruptedException meaningless) {
                // These threads belong to nobody who could mean anything by it, and the next file call would fail.
            }
        }
        return null;
    }

    /** The turn that is due now, if one is. */
    synchronized @Nullable Turn<T> poll() {
        long now = nanos.getAsLong();
        if (isBackgroundDue(now)) {
            backgroundRunning++;
            backgroundWaitsSince = now;
            return new Turn<>(take(queue(Urgency.BACKGROUND)), Urgency.BACKGROUND, now);
        }
        if (!queue(Urgency.PRESSING).isEmpty()) {
            return new Turn<>(take(queue(Urgency.PRESSING)), Urgency.PRESSING, now);
        }
        return null;
    }

    /** The next pressing task, if there is one: for a thread that interrupts a background task for it. */
    synchronized @Nullable Turn<T> pollPressing() {
        return queue(Urgency.PRESSING).isEmpty()
                ? null
                : new Turn<>(take(queue(Urgency.PRESSING)), Urgency.PRESSING, nanos.getAsLong());
    }

    synchronized void ended(Turn<T> turn) {
        if (turn.urgency() == Urgency.BACKGROUND) {
            backgroundRunning--;
            // Smoothed, since frames of zeros take next to no time.
            backgroundTaskNanos += (nanos.getAsLong() - turn.startedAt() - backgroundTaskNanos) / 4;
            notifyAll();
        }
    }

    /** Ends all waiting for turns. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private boolean isBackgroundDue(long now) {
        if (queue(Urgency.BACKGROUND).isEmpty()) {
            return false;
        }
        if (pressingJobs == 0 && queue(Urgency.PRESSING).isEmpty()) {
            return backgroundRunning < Math.max(1, threads - callers);
        }
        return backgroundRunning == 0 && patienceLeft(now) <= 0;
    }

    private long patienceLeft(long now) {
        return backgroundWaitsSince + PATIENCE * backgroundTaskNanos - now;
    }

    /** 0, that is until told, unless time alone brings a turn about. */
    private long millisToWait() {
        boolean timeDecides =
                backgroundRunning == 0 && !queue(Urgency.BACKGROUND).isEmpty();
        return timeDecides ? Math.max(1, TimeUnit.NANOSECONDS.toMillis(patienceLeft(nanos.getAsLong())) + 1) : 0;
    }

    private SequencedMap<Object, Deque<T>> queue(Urgency urgency) {
        SequencedMap<Object, Deque<T>> queue = queues.get(urgency);
        if (queue == null) {
            throw new IllegalStateException("no queue for " + urgency);
        }
        return queue;
    }

    private static <T> T take(SequencedMap<Object, Deque<T>> queue) {
        Map.Entry<Object, Deque<T>> first = queue.pollFirstEntry();
        T task = first.getValue().remove();
        if (!first.getValue().isEmpty()) {
            queue.putLast(first.getKey(), first.getValue());
        }
        return task;
    }
}
