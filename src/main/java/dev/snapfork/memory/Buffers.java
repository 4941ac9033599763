package dev.snapfork.memory;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A fixed number of buffers, given out in the order of asking. */
final class Buffers implements AutoCloseable {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final List<NativeBuffer> all = new ArrayList<>();
    private final Deque<NativeBuffer> free = new ArrayDeque<>();
    private final Deque<Object> waiting = new ArrayDeque<>();

    Buffers(int count) {
        for (int i = 0; i < count; i++) {
            all.add(new NativeBuffer());
        }
        free.addAll(all);
    }

    /** Says, several times a second, whether waiting still makes sense: throws if not. */
    interface Check {
        void run() throws IOException;
    }

    List<NativeBuffer> all() {
        return all;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    NativeBuffer take(Check check) throws IOException, InterruptedException {
        Object place = new Object();
        enqueue(place);
        try {
            while (true) {
                check.run();
                NativeBuffer buffer = poll(place);
                if (buffer != null) {
                    return buffer;
                }
            }
        } finally {
            leave(place);
        }
    }

    private synchronized void enqueue(Object place) {
        waiting.add(place);
    }

    private synchronized void leave(Object place) {
        waiting.remove(place);
        notifyAll();
    }

    private synchronized @Nullable NativeBuffer poll(Object place) throws InterruptedException {
        long end = System.nanoTime() + POLL_NANOS;
        while (free.isEmpty() || waiting.peek() != place) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return free.pop();
    }

    synchronized void giveBack(NativeBuffer buffer) {
        free.push(buffer);
        notifyAll();
    }

    @Override
    public void close() {
        all.forEach(NativeBuffer::close);
        all.clear();
    }
}
