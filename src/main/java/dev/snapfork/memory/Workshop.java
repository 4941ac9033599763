package dev.snapfork.memory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The threads, and what is reused on them. A frame on its way holds one of a fixed number of buffers from before it is
 * queued until it is written, which bounds memory and the queue at once, however many jobs share the workshop.
 *
 * <p>Jobs cannot block one another for good. Each class of jobs has buffers of its own, so a restore never waits for one that a
 * compression holds in the queue. Within a class each job takes buffers, and has its tasks run, in the order of its frames: the
 * frame that its later ones wait for always has a buffer and is queued before them. And every job's turn comes ({@link Turns}).
 */
final class Workshop implements AutoCloseable {
    private static final long POLL_MILLIS = 50;
    private static final long CLOSE_MILLIS = 60_000;

    private final Turns<Task> turns;
    private final Pace pace;
    private final Map<Urgency, Buffers> buffers = new EnumMap<>(Urgency.class);
    private final Buffers large;
    private final IdentityHashMap<NativeBuffer, Buffers> owners = new IdentityHashMap<>();
    private final List<Bench> benches = new ArrayList<>();
    private int jobs;
    private boolean closed;

    /** @param bufferCount for each class of jobs; of large frames there is one for each thread and one more */
    Workshop(int threadCount, int bufferCount, Pace pace) {
        this.turns = new Turns<>(threadCount, System::nanoTime);
        this.pace = pace;
        for (Urgency urgency : Urgency.values()) {
            Buffers some = new Buffers(bufferCount);
            buffers.put(urgency, some);
            some.all().forEach(buffer -> owners.put(buffer, some));
        }
        large = new Buffers(Math.min(bufferCount, threadCount + 1));
        large.all().forEach(buffer -> owners.put(buffer, large));
        for (int i = 0; i < threadCount; i++) {
            Bench bench = new Bench();
            benches.add(bench);
            Thread.ofPlatform().daemon().name("memory-codec-" + i).start(() -> work(bench));
        }
    }

    /** Work on one frame, or a few small ones, with a bench of its own. */
    interface Task {
        void run(Bench bench) throws IOException;
    }

    /** Work that a caller does. */
    interface Call<T> {
        T run() throws IOException;
    }

    /** Announces a job, which {@link #leave} must end after all its tasks have ended. */
    synchronized void enter() throws IOException {
        if (closed) {
            throw new IOException("the memory codec is closed");
        }
        jobs++;
    }

    synchronized void leave() {
        jobs--;
        notifyAll();
    }

    /** Runs what hands in tasks; if they press, others stand back meanwhile. */
    <T> T handingIn(JobControl job, Call<T> call) throws IOException {
        if (job.urgency() == Urgency.BACKGROUND) {
            return call.run();
        }
        turns.press();
        try {
            return call.run();
        } finally {
            turns.relax();
        }
    }

    /** Runs what works on the calling thread; if it presses, others leave it a processor meanwhile. */
    <T> T onThisThread(JobControl job, Call<T> call) throws IOException {
        if (job.urgency() == Urgency.BACKGROUND) {
            return call.run();
        }
        turns.callerWorks();
        try {
            return call.run();
        } finally {
            turns.callerLeaves();
        }
    }

    /** Waits until a compression may go on with so many bytes; ends as {@link #take} does. */
    void keepPace(JobControl job, long bytes) throws IOException {
        try {
            pace.await(bytes, () -> check(job));
        } catch (InterruptedException e) {
            throw interrupted("for its turn under the rate limit");
        }
    }

    /** Waits for a free buffer for a frame to be made; ends as {@link #take(JobControl)} does. */
    NativeBuffer take(JobControl job, int frameBytes) throws IOException {
        return Format.isLarge(frameBytes) ? take(job, large) : take(job);
    }

    /** Waits for a free buffer; the job's failure, its cancellation and the closing of the workshop end the wait. */
    NativeBuffer take(JobControl job) throws IOException {
        return take(job, Objects.requireNonNull(buffers.get(job.urgency())));
    }

    private NativeBuffer take(JobControl job, Buffers some) throws IOException {
        try {
            return some.take(() -> check(job));
        } catch (InterruptedException e) {
            throw interrupted("for a buffer");
        }
    }

    private void check(JobControl job) throws IOException {
        job.check();
        if (isClosed()) {
            throw new IOException("the memory codec was closed");
        }
    }

    private static IOException interrupted(String waiting) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting " + waiting);
    }

    void giveBack(NativeBuffer buffer) {
        Objects.requireNonNull(owners.get(buffer)).giveBack(buffer);
    }

    /**
     * Queues a task, which gives back the buffer that was taken for it. A failed or cancelled job's tasks are not run.
     */
    void submit(JobControl job, NativeBuffer buffer, Task task) {
        job.taskQueued();
        turns.add(job, job.urgency(), bench -> {
            try {
                if (job.goesOn()) {
                    bench.pausing(worked -> giveWay(job, bench, worked));
                    task.run(bench);
                } else {
                    giveBack(buffer);
                }
            } catch (Throwable failure) {
                job.fail(failure);
            } finally {
                job.taskEnded();
            }
        });
    }

    private void work(Bench bench) {
        for (Turns.Turn<Task> turn = turns.next(); turn != null; turn = turns.next()) {
            run(turn, bench);
        }
    }

    private void run(Turns.Turn<Task> turn, Bench bench) {
        try {
            turn.task().run(bench);
        } catch (IOException impossible) {
            throw new IllegalStateException("a task keeps its failures to its job", impossible);
        } finally {
            turns.ended(turn);
        }
    }

    /**
     * Ends a slow frame whose job does not go on, and lets those go first who press; not longer than {@value Turns#PATIENCE} times
     * as long as the frame was worked on since, so that it gets on.
     */
    private void giveWay(JobControl job, Bench bench, long workedNanos) throws IOException {
        job.check();
        long end = System.nanoTime() + Turns.PATIENCE * workedNanos;
        for (Turns.Turn<Task> turn = turns.pollPressing();
                turn != null;
                turn = System.nanoTime() < end ? turns.pollPressing() : null) {
            run(turn, bench.second());
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Ends running jobs within a frame, then frees everything. */
    @Override
    public void close() {
        if (!awaitJobs()) {
            // Something hangs in a system call. Memory that native code may still use is better lost than freed.
            throw new IllegalStateException("memory codec jobs did not end within " + CLOSE_MILLIS + " ms");
        }
        turns.close();
        buffers.values().forEach(Buffers::close);
        large.close();
        benches.forEach(Bench::close);
        benches.clear();
    }

    private synchronized boolean awaitJobs() {
        closed = true;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        boolean interrupted = false;
        while (jobs > 0 && System.nanoTime() < deadline) {
            try {
                wait(POLL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return jobs == 0;
    }
}
