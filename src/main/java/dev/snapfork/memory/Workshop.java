package dev.snapfork.memory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads, and what is reused on them. A frame on its way holds one of a fixed number of buffers from before it is
 * queued until it is written, which bounds memory and the queue at once, however many jobs share the workshop.
 *
 * <p>Jobs cannot block one another for good: each takes buffers in the order of its frames, so the frame that its later
 * ones wait for always has a buffer and a place in the queue.
 */
final class Workshop implements AutoCloseable {
    private static final long POLL_MILLIS = 50;
    private static final long CLOSE_MILLIS = 60_000;

    private final ThreadPoolExecutor threads;
    private final BlockingQueue<NativeBuffer> buffers;
    private final List<NativeBuffer> allBuffers = new ArrayList<>();
    private final BlockingQueue<Bench> benches;
    private final List<Bench> allBenches = new ArrayList<>();
    private int jobs;
    private boolean closed;

    Workshop(int threadCount, int bufferCount) {
        buffers = new ArrayBlockingQueue<>(bufferCount, true);
        for (int i = 0; i < bufferCount; i++) {
            allBuffers.add(new NativeBuffer());
        }
        buffers.addAll(allBuffers);
        benches = new ArrayBlockingQueue<>(threadCount);
        for (int i = 0; i < threadCount; i++) {
            allBenches.add(new Bench());
        }
        benches.addAll(allBenches);
        threads = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(bufferCount),
                Thread.ofPlatform().daemon().name("memory-codec-", 0).factory());
    }

    /** Work on one frame, or a few small ones, with a bench of its own. */
    interface Task {
        void run(Bench bench) throws IOException;
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

    /** Waits for a free buffer; the job's failure, its cancellation and the closing of the workshop end the wait. */
    NativeBuffer take(JobControl job) throws IOException {
        try {
            while (true) {
                job.check();
                if (isClosed()) {
                    throw new IOException("the memory codec was closed");
                }
                NativeBuffer buffer = buffers.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (buffer != null) {
                    return buffer;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a buffer");
        }
    }

    void giveBack(NativeBuffer buffer) {
        buffers.add(buffer);
    }

    /**
     * Queues a task, which gives back the buffer that was taken for it. A failed or cancelled job's tasks are not run.
     */
    void submit(JobControl job, NativeBuffer buffer, Task task) {
        job.taskQueued();
        threads.execute(() -> {
            try {
                if (job.goesOn()) {
                    runOnBench(task);
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

    private void runOnBench(Task task) throws IOException {
        Bench bench = benches.remove();
        try {
            task.run(bench);
        } finally {
            benches.add(bench);
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
        threads.shutdown();
        allBuffers.forEach(NativeBuffer::close);
        allBenches.forEach(Bench::close);
        allBuffers.clear();
        allBenches.clear();
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
