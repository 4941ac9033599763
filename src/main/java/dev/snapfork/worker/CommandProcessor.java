package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.operation.OperationId;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Brings a command to its end, exactly once however often it comes. */
@ApplicationScoped
class CommandProcessor {
    private static final Logger LOG = Logger.getLogger(CommandProcessor.class);

    private final Handlers handlers;
    private final PayloadStore store;
    private final Settlements settlements;
    private final EventPublisher events;
    private final ProgressPublisher progress;
    private final HealthLedger ledger;
    private final Patience patience;
    private final Clock clock;

    CommandProcessor(
            Handlers handlers,
            PayloadStore store,
            Settlements settlements,
            EventPublisher events,
            ProgressPublisher progress,
            HealthLedger ledger,
            Patience patience,
            Clock clock) {
        this.handlers = handlers;
        this.store = store;
        this.settlements = settlements;
        this.events = events;
        this.progress = progress;
        this.ledger = ledger;
        this.patience = patience;
        this.clock = clock;
    }

    /** Keeps the command of a handler that threw what nobody expects. */
    interface Burial {
        /** Returns the id of the dead letter. */
        String bury(Throwable failure);
    }

    /**
     * Returns when the end is published.
     *
     * @param burial asked before such a command settles
     * @throws Patience.StoppingException if the worker stops before that; the command is to be handled again
     */
    void process(CommandEnvelope envelope, Burial burial) {
        var id = envelope.id();
        var end = patience.insist("look up how a command settled", () -> settlements.find(id))
                .orElseGet(() -> work(envelope, burial));
        patience.insist("publish how a command settled", events.publish(end));
        cleanUp(id);
        LOG.infof(
                "settled: operation=%s kind=%s status=%s key=%s%s",
                id,
                envelope.command().kind().text(),
                end.outcome().status().text(),
                envelope.command().key(),
                end.outcome().error() == null
                        ? ""
                        : " reason=" + end.outcome().error().message());
    }

    /** What the sweeper would find later: the end is published, so nothing here can be asked for again. */
    private void cleanUp(OperationId id) {
        try {
            store.staging().discard(id);
            store.trash().empty(id);
        } catch (IOException e) {
            LOG.warnf("left for the sweeper: operation=%s reason=%s", id, e.toString());
        }
    }

    private OperationSettled work(CommandEnvelope envelope, Burial burial) {
        var accepted = envelope.accepted();
        var work = new Work(envelope, clock, (started, reached) -> progress.publish(accepted, started, reached));
        var outcome = outcome(envelope.command(), work, burial);
        var finished = work.now();
        var end = new OperationSettled(
                finished,
                outcome.settle(accepted, work.started(), finished, work.reached()),
                near(envelope.command(), outcome),
                outcome instanceof Outcome.Succeeded s && s.snapshot() != null
                        ? ledger.withFindings(s.snapshot())
                        : null,
                outcome instanceof Outcome.Succeeded s ? s.instance() : null);
        return patience.insist("record how a command settled", () -> settlements.record(end));
    }

    private Outcome outcome(Command command, Work work, Burial burial) {
        try {
            return handlers.handle(command, work);
        } catch (Patience.StoppingException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Patience.StoppingException();
        } catch (DamagedException e) {
            ledger.note(e, work);
            return new Outcome.Rejected(e.refusal());
        } catch (IOException e) {
            if (patience.stopping()) {
                throw new Patience.StoppingException();
            }
            LOG.warnf(e, "failed: operation=%s", work.operation());
            return new Outcome.Failed(Failures.explain(e));
        } catch (RuntimeException | Error e) {
            if (patience.stopping()) {
                throw new Patience.StoppingException();
            }
            LOG.errorf(e, "failed unexpectedly: operation=%s", work.operation());
            return new Outcome.Failed(Failures.buried(work.operation(), burial.bury(e)));
        }
    }

    /** The aggregate whose event was published before the end. */
    private static String near(Command command, Outcome outcome) {
        if (outcome instanceof Outcome.Succeeded(var snapshot, var instance)) {
            if (snapshot != null) {
                return snapshot.id().value();
            }
            if (instance != null) {
                return instance.id().value();
            }
        }
        return command.key();
    }
}
