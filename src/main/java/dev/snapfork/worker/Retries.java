package dev.snapfork.worker;

import dev.snapfork.operation.OperationId;
import dev.snapfork.platform.SnapforkConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * How often what the disk failed is tried again: with pauses from 0.1 s that double up to 2 s, and not once more when the
 * configured time since the first failure has passed. So work of seconds is tried several times and work of minutes once or twice.
 */
@ApplicationScoped
class Retries {
    private static final Logger LOG = Logger.getLogger(Retries.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Patience patience;
    private final Duration limit;

    Retries(Patience patience, SnapforkConfig config) {
        this.patience = patience;
        this.limit = config.worker().retryLimit();
    }

    Series begin() {
        return new Series();
    }

    /** The tries of one piece of work. */
    final class Series {
        private long firstFailure;
        private Duration pause = Duration.ZERO;

        /**
         * Whether to try once more, after a pause.
         *
         * @throws Patience.StoppingException if the worker stops
         */
        boolean again(OperationId operation, IOException failure) {
            if (!Failures.mayPass(failure)) {
                return false;
            }
            var now = System.nanoTime();
            if (pause.isZero()) {
                firstFailure = now;
                pause = FIRST_PAUSE;
            } else {
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
            if (now - firstFailure + pause.toNanos() > limit.toNanos()) {
                return false;
            }
            LOG.warnf("trying again in %d ms: operation=%s reason=%s", pause.toMillis(), operation, failure);
            patience.pause(pause);
            return true;
        }
    }
}
