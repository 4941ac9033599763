package dev.snapfork.bench;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** What clients have seen. Used by many threads. */
final class RollingTally {
    private final LongAdder requests = new LongAdder();
    private final LongAdder postponed = new LongAdder();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Wait> longest = new AtomicReference<>(new Wait(0, "none"));

    /** How long a client waited for what it wanted, in seconds, however often it had to ask. */
    record Wait(double seconds, String what) {}

    void sent() {
        requests.increment();
    }

    /** It was told to come again, and when. */
    void postponed() {
        postponed.increment();
    }

    void failed(String what) {
        failures.add(what);
    }

    void waited(double seconds, String what) {
        longest.accumulateAndGet(new Wait(seconds, what), (a, b) -> a.seconds >= b.seconds ? a : b);
    }

    long requests() {
        return requests.sum();
    }

    long postponements() {
        return postponed.sum();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    Wait longest() {
        return longest.get();
    }
}
