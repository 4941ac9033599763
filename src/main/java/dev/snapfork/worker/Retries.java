package dev.snapfork.worker;

import dev.snapfork.operation.OperationId;
import dev.snapfork.platform.SnapforkConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * How often what the disk failed is tried again: with pauses that double from a hundredth of the configured time to a fifth of it,
 * and not once more when that time has passed since the first failure. So work of seconds is tried several times and work of minutes
 * once or twice.
 */
@ApplicationScoped
class Retries {
    private static final Logger LOG = Logger.getLogger(Retries.class);
    private static final int FIRST_PAUSE = 100;
    private static final int LONGEST_PAUSE = 5;

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
            if (!Failures.mayPass(failure) || limit.isZero()) {
                return false;
            }
            var now = patience.nanos();
            if (pause.isZero()) {
                firstFailure = now;
                pause = limit.dividedBy(FIRST_PAUSE);
            } else {
                var longest = limit.dividedBy(LONGEST_PAUSE);
                pause = pause.multipliedBy(2).compareTo(longest) < 0 ? pause.multipliedBy(2) : longest;
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
