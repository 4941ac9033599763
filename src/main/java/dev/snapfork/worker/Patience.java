package dev.snapfork.worker;

import dev.snapfork.platform.SnapforkConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Tries what needs PostgreSQL or Kafka until they answer or the worker stops. An accepted command is never given up because
 * one of them is away: it stays unacknowledged, and each attempt has a deadline.
 */
@ApplicationScoped
class Patience {
    private static final Logger LOG = Logger.getLogger(Patience.class);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Duration attemptLimit;

    Patience(SnapforkConfig config) {
        attemptLimit = config.worker().attemptLimit();
    }

    /** How long one attempt may take. */
    Duration attemptLimit() {
        return attemptLimit;
    }

    /** The worker stops; the command comes again elsewhere. */
    static final class StoppingException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppingException() {
            super("the worker stops", null, false, false);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stop();
    }

    /** Ends all waits; from now on what is in work is to be handed back. */
    void stop() {
        stopping.countDown();
    }

    boolean stopping() {
        return stopping.getCount() == 0;
    }

    /**
     * Runs an asynchronous attempt, again and again with new deadlines.
     *
     * @param then is run after it, and belongs to it
     */
    void insist(String what, Uni<Void> attempt, Runnable then) {
        insist(what, () -> {
            attempt.await().atMost(attemptLimit);
            then.run();
            return what;
        });
    }

    /** As {@link #insist(String, Uni, Runnable)}, with nothing after it. */
    void insist(String what, Uni<Void> attempt) {
        insist(what, attempt, () -> {});
    }

    /** Runs a blocking attempt, which must have a deadline of its own, until it does not throw. */
    <T> T insist(String what, Supplier<T> attempt) {
        for (var pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return attempt.get();
            } catch (RuntimeException e) {
                LOG.warnf("could not %s, trying again in %d ms: %s", what, pause, e.toString());
            }
            pause(Duration.ofMillis(pause));
        }
    }

    /** The time that pauses take their length from, in nanoseconds since any instant. */
    long nanos() {
        return System.nanoTime();
    }

    /** @throws StoppingException at once if the worker stops */
    void pause(Duration pause) {
        try {
            if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoppingException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppingException();
        }
    }
}
