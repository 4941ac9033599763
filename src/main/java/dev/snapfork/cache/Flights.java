package dev.snapfork.cache;

import dev.snapfork.snapshot.SnapshotId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Sees to it that of those who want the same memory at the same time one decodes and the others wait for it. */
final class Flights {
    /** How many keys are remembered as asked for. */
    private static final int REMEMBERED = 1024;

    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Map<MemoryKey, Flight> flights = new HashMap<>();
    private final Map<MemoryKey, Boolean> asked = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MemoryKey, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Shelf shelf;
    private final Duration waitLimit;

    Flights(Shelf shelf, Duration waitLimit) {
        this.shelf = shelf;
        this.waitLimit = waitLimit;
    }

    Turn turn(MemoryKey key, SnapshotId asker, BooleanSupplier cancelled) throws InterruptedException {
        if (shelf.isOff()) {
            return alone(key);
        }
        var until = System.nanoTime() + waitLimit.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                var entry = shelf.take(key, asker);
                if (entry != null) {
                    return new Turn.Cached(shelf, entry);
                }
                var flight = flights.get(key);
                if (flight == null) {
                    return lead(key, asker);
                }
                if (!await(flight, asker, until, cancelled) || flight.unkept) {
                    return alone(key);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private Turn lead(MemoryKey key, SnapshotId asker) {
        shelf.missed();
        var flight = new Flight(key, asked.put(key, true) != null);
        flight.askers.add(asker);
        flights.put(key, flight);
        return new Turn.Decode(this, flight);
    }

    /** A decoding that nobody waits for and that the cache does not learn of. */
    private Turn alone(MemoryKey key) {
        shelf.missed();
        var flight = new Flight(key, false);
        flight.unkept = true;
        return new Turn.Decode(this, flight);
    }

    /** Returns false if the flight did not end in time. */
    private boolean await(Flight flight, SnapshotId asker, long until, BooleanSupplier cancelled)
            throws InterruptedException {
        flight.askers.add(asker);
        flight.waiting++;
        try {
            while (!flight.ended) {
                var left = until - System.nanoTime();
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException("waiting for memory to be decoded was cancelled");
                }
                if (left <= 0) {
                    return false;
                }
                var unused = ended.awaitNanos(Math.min(left, LOOK_EVERY_NANOS));
            }
            return true;
        } finally {
            flight.waiting--;
        }
    }

    void decoded(Flight flight, Path memory) {
        lock.lock();
        try {
            if (flight.unkept || flight.ended) {
                return;
            }
            if (!shelf.copiesAreFree() && !flight.askedBefore && flight.waiting == 0) {
                // in one step with the decision, so that whoever comes now is the second
                finish(flight);
                return;
            }
        } finally {
            lock.unlock();
        }
        var kept = shelf.put(flight.key, flight.askers, memory);
        lock.lock();
        try {
            flight.unkept = !kept;
            finish(flight);
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who wait go on: to take what is there, or to decode. */
    void end(Flight flight) {
        lock.lock();
        try {
            finish(flight);
        } finally {
            lock.unlock();
        }
    }

    private void finish(Flight flight) {
        flight.ended = true;
        flights.remove(flight.key, flight);
        ended.signalAll();
    }

    /** What is being decoded for this snapshot alone shall not be kept. */
    void forget(SnapshotId snapshot) {
        lock.lock();
        try {
            flights.values().forEach(flight -> flight.askers.remove(snapshot));
        } finally {
            lock.unlock();
        }
    }
}
