package dev.snapfork.memory;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One running job: how far it is, whether it goes on, and which of its tasks are still out. */
final class JobControl {
    private final Job job;
    private final long total;
    private final Urgency urgency;
    private final Object reporting = new Object();
    private long done;
    private long told;
    private int tasks;
    private @Nullable Throwable failure;

    JobControl(Job job, long total, Urgency urgency) {
        this.job = job;
        this.total = total;
        this.urgency = urgency;
    }

    Job job() {
        return job;
    }

    Urgency urgency() {
        return urgency;
    }

    /** Counts bytes as done; that these are all is not told before {@link #complete}. */
    void advance(long bytes) {
        advanceTo(-1, bytes);
    }

    /** Sets the bytes done, unless they were more already. */
    void advanceTo(long bytes) {
        advanceTo(bytes, 0);
    }

    long total() {
        return total;
    }

    /** Starts where an earlier run was broken off, and says so. */
    void resumedAt(long bytes) {
        advanceTo(bytes);
        if (job.resume() != null) {
            job.resume().resumed().update(bytes, total);
        }
    }

    /** Tells that all is done, and on stable storage if the job asks for that. */
    void complete() {
        synchronized (reporting) {
            if (told < total) {
                told = total;
                job.progress().update(total, total);
            }
        }
    }

    private void advanceTo(long position, long bytes) {
        synchronized (reporting) {
            done = Math.min(total, Math.max(done + bytes, position));
            if (done > told && done < total) {
                told = done;
                job.progress().update(told, total);
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
