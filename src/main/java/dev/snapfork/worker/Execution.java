package dev.snapfork.worker;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.command.Command;
import dev.snapfork.operation.RefusedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;

/** Has a command done, again if what failed it may pass, and given up so that nothing half-made is left if it does not. */
@ApplicationScoped
class Execution {
    private static final Logger LOG = Logger.getLogger(Execution.class);

    private final Handlers handlers;
    private final MemoryCache cache;
    private final HealthLedger ledger;
    private final Retries retries;

    Execution(Handlers handlers, MemoryCache cache, HealthLedger ledger, Retries retries) {
        this.handlers = handlers;
        this.cache = cache;
        this.ledger = ledger;
        this.retries = retries;
    }

    /**
     * Returns how the command is to end.
     *
     * @param burial asked before it ends, if its handler throws what nobody expects
     * @throws Patience.StoppingException if it is to be handed back
     * @throws LostException if a later attempt has begun
     */
    Outcome run(Command command, Work work, Received.Burial burial) {
        var series = retries.begin();
        while (true) {
            IOException failure;
            try {
                work.takeOver(Handlers.needsPlace(command), Handlers.inherits(command));
                var outcome = handlers.handle(command, work);
                // what an earlier attempt came to hold before it died is given back
                return outcome instanceof Outcome.Rejected ? giveUp(command, outcome, work) : outcome;
            } catch (Patience.StoppingException | LostException e) {
                throw e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Patience.StoppingException();
            } catch (RefusedException e) {
                return giveUp(command, new Outcome.Rejected(e.refusal()), work);
            } catch (DamagedException e) {
                work.requireOurs();
                ledger.note(e, work);
                return giveUp(command, new Outcome.Rejected(e.refusal()), work);
            } catch (IOException e) {
                failure = e;
            } catch (UncheckedIOException e) {
                var cause = e.getCause();
                failure = cause == null ? new IOException(e) : cause;
            } catch (CancellationException e) {
                work.requireOurs();
                return giveUp(command, Outcome.Cancelled.ON_REQUEST, work);
            } catch (RuntimeException | Error e) {
                work.requireOurs();
                LOG.errorf(e, "failed unexpectedly: operation=%s", work.operation());
                return giveUp(command, Failures.buried(work.operation(), burial.bury(e)), work);
            }
            work.requireOurs();
            if (!triedAgain(series, work, failure)) {
                LOG.warnf(failure, "failed: operation=%s", work.operation());
                return giveUp(command, Failures.of(failure), work);
            }
        }
    }

    private boolean triedAgain(Retries.Series series, Work work, IOException failure) {
        clear(work);
        if (Failures.isOutOfSpace(failure)) {
            cache.evictUnused();
        }
        return series.again(work.operation(), failure);
    }

    private Outcome giveUp(Command command, Outcome why, Work work) {
        var series = retries.begin();
        clear(work);
        while (true) {
            try {
                return handlers.giveUp(command, why, work);
            } catch (IOException e) {
                work.requireOurs();
                if (!series.again(work.operation(), e)) {
                    LOG.errorf(e, "given up, and left to the reconciliation: operation=%s", work.operation());
                    return why;
                }
            }
        }
    }

    /** Frees the space at once; what cannot be removed now is when the command has settled, or by the sweeper. */
    private static void clear(Work work) {
        try {
            work.clear();
        } catch (IOException e) {
            LOG.warnf("staging is not empty yet: operation=%s reason=%s", work.operation(), e.toString());
        }
    }
}
