package dev.snapfork.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Has one of many threads go on at a time. Who goes on after each step, and how the clock runs, follows from the seed alone; so a
 * seed that fails fails again in the same way.
 */
public final class Scheduler {
    /** Real time without a step: a thread waits for something that this does not know of. */
    private static final long STUCK_SECONDS = 60;

    private static final long START = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond();
    private static final int LONGEST_STEP_MICROS = 2_000;
    private static final ThreadLocal<@Nullable Actor> SELF = new ThreadLocal<>();

    /** Looks at each step that is taken. */
    interface Watch {
        void stepped(Machine machine, String step);
    }

    private final RandomGenerator random;
    private final ExecutorService threads;
    private final Trace trace = new Trace();
    private final List<Actor> actors = new ArrayList<>();
    private final Semaphore driver = new Semaphore(0);
    private final double staying;
    private Watch watch = (machine, step) -> {};
    private volatile long nanos;
    private volatile boolean watching;
    private @Nullable Throwable failure;
    private @Nullable Machine doomed;

    /** @param threads has as many as are needed */
    Scheduler(RandomGenerator random, ExecutorService threads) {
        this.random = random;
        this.threads = threads;
        this.staying = random.nextInt(3) * 0.4;
    }

    void watch(Watch by) {
        watch = by;
    }

    public RandomGenerator random() {
        return random;
    }

    /** Whether something happens that has this probability. */
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    Trace trace() {
        return trace;
    }

    /** Nanoseconds since the seed's beginning. */
    public long nanos() {
        return nanos;
    }

    public Instant instant() {
        return Instant.ofEpochSecond(START, nanos);
    }

    /** Whether the calling thread is one of those that wait for their turn. */
    public static boolean isActing() {
        return SELF.get() != null;
    }

    /** Starts a thread of the process. */
    public void start(Machine machine, String name, Runnable work) {
        var actor = new Actor(machine.name() + "/" + name, machine, this);
        actors.add(actor);
        machine.actors.add(actor);
        threads.execute(() -> {
            actor.turn.acquireUninterruptibly();
            SELF.set(actor);
            try {
                if (machine.alive()) {
                    work.run();
                }
            } catch (ProcessDied e) {
                trace.add(actor.name, "died");
            } catch (Throwable e) {
                fail(e);
            } finally {
                SELF.remove();
                actor.ended = true;
                actors.remove(actor);
                machine.actors.remove(actor);
                var next = next(null);
                (next == null ? driver : next.turn).release();
            }
        });
    }

    /** The calling thread has taken a step; others may go on before it does. Of no effect on threads that have no turns. */
    public void step(String step) {
        pause(step, 0);
    }

    /** As {@link #step}, of whatever scheduler the calling thread waits for. */
    static void stepOfCaller(String step) {
        var self = SELF.get();
        if (self != null) {
            self.scheduler.step(step);
        }
    }

    /** The calling thread goes on after so long at the earliest. */
    public void sleep(String why, Duration duration) {
        pause(why, Math.max(1, duration.toNanos()));
    }

    /** Others only read the time: it is written by whoever has the baton. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void pause(String step, long duration) {
        var self = SELF.get();
        if (self == null || watching) {
            return;
        }
        requireAlive(self);
        trace.add(self.name, step);
        nanos += 1_000L * (1 + random.nextInt(LONGEST_STEP_MICROS));
        if (duration == 0) {
            look(self, step);
        }
        self.sleepsUntil = duration == 0 ? 0 : nanos + duration;
        var next = next(self);
        if (next != self) {
            (next == null ? driver : next.turn).release();
            self.turn.acquireUninterruptibly();
        }
        requireAlive(self);
    }

    private void look(Actor self, String step) {
        watching = true;
        try {
            watch.stepped(self.machine, step);
        } catch (Throwable e) {
            fail(e);
        } finally {
            watching = false;
        }
    }

    /** Checks something for whoever has the baton; that it fails ends the run, whatever the caller makes of failures. */
    void check(Runnable what) {
        try {
            what.run();
        } catch (Throwable e) {
            fail(e);
        }
    }

    private static void requireAlive(Actor self) {
        if (!self.machine.alive()) {
            throw new ProcessDied();
        }
    }

    private void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
    }

    /** To be called by a watch: the process is to die before anybody takes another step. */
    void doom(Machine machine) {
        doomed = machine;
    }

    /** Null if the driver is to go on: something has failed, somebody is to die, or nobody is left. */
    private @Nullable Actor next(@Nullable Actor self) {
        if (failure != null || doomed != null || driving) {
            return null;
        }
        while (!actors.isEmpty()) {
            if (self != null && self.readyAt() <= nanos && random.nextDouble() < staying) {
                return self;
            }
            var ready =
                    actors.stream().filter(actor -> actor.readyAt() <= nanos).toList();
            if (!ready.isEmpty()) {
                return ready.get(random.nextInt(ready.size()));
            }
            nanos = actors.stream().mapToLong(Actor::readyAt).min().orElseThrow();
        }
        return null;
    }

    /** While the driver has one thread after the other end. */
    private boolean driving;

    /** What the driver does when a process is to die. */
    interface Death {
        void of(Machine machine);
    }

    /**
     * Has all threads go on until none is left.
     *
     * @throws AssertionError what a watch or a thread has thrown
     */
    void run(Death death) {
        while (failure == null) {
            var next = next(null);
            if (next == null) {
                return;
            }
            handTo(next);
            var dies = doomed;
            doomed = null;
            if (dies != null && failure == null) {
                death.of(dies);
            }
        }
        throw failure instanceof AssertionError e ? e : new AssertionError(failure.toString(), failure);
    }

    /** Ends the process's threads one after the other, without a step of anybody else's. For the driver. */
    void kill(Machine machine) {
        machine.die();
        trace.add(machine.name(), "KILLED");
        driving = true;
        try {
            for (var actor : List.copyOf(machine.actors)) {
                handTo(actor);
            }
        } finally {
            driving = false;
        }
    }

    private void handTo(Actor actor) {
        actor.turn.release();
        try {
            if (!driver.tryAcquire(STUCK_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("stuck in real time:\n" + trace + Trace.threads());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
