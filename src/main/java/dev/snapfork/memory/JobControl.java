package dev.snapfork.memory;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One running job: how far it is, whether it goes on, and which of its tasks are still out. */
final class JobControl {
    private final Job job;
    private final long total;
    private final Object reporting = new Object();
    private long done;
    private int tasks;
    private @Nullable Throwable failure;

    JobControl(Job job, long total) {
        this.job = job;
        this.total = total;
    }

    Job job() {
        return job;
    }

    /** Counts bytes as done; beyond the total they count no more. */
    void advance(long bytes) {
        advanceTo(-1, bytes);
    }

    /** Sets the bytes done, unless they were more already. */
    void advanceTo(long bytes) {
        advanceTo(bytes, 0);
    }

    private void advanceTo(long position, long bytes) {
        synchronized (reporting) {
            long now = Math.min(total, Math.max(done + bytes, position));
            if (now > done) {
                done = now;
                job.progress().update(done, total);
            }
        }
    }

    /** Throws what made a task fail, or CancellationException if the job is cancelled. */
    void check() throws IOException {
        Throwable cause = currentFailure();
        switch (cause) {
            case null -> {}
            case IOException io -> throw io;
            case RuntimeException bug -> throw bug;
            case Error error -> throw error;
            default -> throw new IOException(cause);
        }
        if (job.cancelled().getAsBoolean()) {
            throw new CancellationException("cancelled");
        }
    }

    /** For tasks: false once the job has failed or was cancelled. */
    boolean goesOn() {
        if (currentFailure() != null) {
            return false;
        }
        if (job.cancelled().getAsBoolean()) {
            fail(new CancellationException("cancelled"));
            return false;
        }
        return true;
    }

    /** Of several failures the first counts. */
    synchronized void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    private synchronized @Nullable Throwable currentFailure() {
        return failure;
    }

    synchronized void taskQueued() {
        tasks++;
    }

    synchronized void taskEnded() {
        tasks--;
        notifyAll();
    }

    /**
     * Waits until no task is out. Not ended by an interrupt, since the tasks use what the caller is about to free; they
     * are short, and a job that fails or is cancelled starts no more.
     */
    void awaitTasks() {
        boolean interrupted = false;
        synchronized (this) {
            while (tasks > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
