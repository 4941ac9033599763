package dev.snapfork.memory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes checkpoints on a thread of its own, so that no frame waits for a disk. */
final class JournalThread implements Checkpoints {
    private static final long LONGEST_LOOK_MILLIS = 250;

    private final Cadence cadence;
    private final FrameSequence sequence;
    private final JobControl job;
    private final Taking taking;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Position taken;
    private long takenAt = System.nanoTime();

    JournalThread(Cadence cadence, FrameSequence sequence, Position start, JobControl job, Taking taking) {
        this.cadence = cadence;
        this.sequence = sequence;
        this.taken = start;
        this.job = job;
        this.taking = taking;
        this.thread = Thread.ofPlatform().daemon().name("memory-journal").unstarted(this::run);
    }

    /** Makes what was written last. */
    interface Taking {
        void take(Position from, Position to) throws IOException;
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (awaitNextLook()) {
                Position now = sequence.written();
                long passed = System.nanoTime() - takenAt;
                boolean due = now.end() - taken.end() >= cadence.bytes()
                        || passed >= cadence.time().toNanos();
                if (due && now.frames() > taken.frames() && job.goesOn()) {
                    taking.take(taken, now);
                    taken = now;
                    takenAt = System.nanoTime();
                }
            }
        } catch (Throwable failure) {
            // What a failed sync leaves on the disk is unknown, and a later one that succeeds proves nothing.
            job.fail(failure);
        }
    }

    private boolean awaitNextLook() throws InterruptedException {
        return !ended.await(Math.clamp(cadence.time().toMillis(), 1, LONGEST_LOOK_MILLIS), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ended.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
