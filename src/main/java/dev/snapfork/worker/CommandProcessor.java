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
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;

/** Brings a command to its end, exactly once however often it comes. */
@ApplicationScoped
class CommandProcessor {
    private static final Logger LOG = Logger.getLogger(CommandProcessor.class);

    private final Handlers handlers;
    private final PayloadStore store;
    private final Settlements settlements;
    private final CancelDesk cancels;
    private final Withdrawal withdrawal;
    private final EventPublisher events;
    private final ProgressPublisher progress;
    private final Patience patience;
    private final Clock clock;

    CommandProcessor(
            Handlers handlers,
            PayloadStore store,
            Settlements settlements,
            CancelDesk cancels,
            Withdrawal withdrawal,
            EventPublisher events,
            ProgressPublisher progress,
            Patience patience,
            Clock clock) {
        this.handlers = handlers;
        this.store = store;
        this.settlements = settlements;
        this.cancels = cancels;
        this.withdrawal = withdrawal;
        this.events = events;
        this.progress = progress;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * Returns when the end is published.
     *
     * @throws Patience.StoppingException if the worker stops before that; the command is to be handled again
     */
    void process(CommandEnvelope envelope) {
        var id = envelope.id();
        var end = patience.insist("look up how a command settled", () -> settlements.find(id))
                .orElseGet(() -> work(envelope));
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

    private OperationSettled work(CommandEnvelope envelope) {
        try (var taken = cancels.takeUp(envelope.id())) {
            var end = taken.withdrawn() ? withdrawal.withdraw(envelope.accepted()) : work(envelope, taken);
            return patience.insist("record how a command settled", () -> settlements.record(end));
        }
    }

    private OperationSettled work(CommandEnvelope envelope, CancelDesk.TakenUp taken) {
        var accepted = envelope.accepted();
        var work = new Work(
                envelope, clock, (started, reached) -> progress.publish(accepted, started, reached), taken::cancelled);
        var outcome = outcome(envelope.command(), work);
        var finished = work.now();
        return new OperationSettled(
                finished,
                outcome.settle(accepted, work.started(), finished, work.reached()),
                near(envelope.command(), outcome),
                outcome instanceof Outcome.Succeeded s ? s.snapshot() : null,
                outcome instanceof Outcome.Succeeded s ? s.instance() : null,
                outcome instanceof Outcome.Scheduled s ? s.schedule() : null);
    }

    private Outcome outcome(Command command, Work work) {
        try {
            return handlers.handle(command, work);
        } catch (Patience.StoppingException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Patience.StoppingException();
        } catch (IOException e) {
            if (patience.stopping()) {
                throw new Patience.StoppingException();
            }
            LOG.warnf(e, "failed: operation=%s", work.operation());
            return new Outcome.Failed(Failures.explain(e));
        } catch (RuntimeException e) {
            if (patience.stopping()) {
                throw new Patience.StoppingException();
            }
            if (e instanceof CancellationException && work.cancelled()) {
                return Outcome.Cancelled.ON_REQUEST;
            }
            LOG.errorf(e, "failed unexpectedly: operation=%s", work.operation());
            return new Outcome.Failed(Failures.unexpected(work.operation()));
        }
    }

    /** The aggregate whose event was published before the end. */
    private static String near(Command command, Outcome outcome) {
        if (outcome instanceof Outcome.Scheduled(var schedule)) {
            return schedule.id().value();
        }
        if (command instanceof Command.RunSchedule run) {
            // also where it made a snapshot: schedulers conclude from an end that they know the schedule's state behind
            // it
            return run.schedule().value();
        }
        if (command instanceof Command.DeleteSchedule delete) {
            return delete.schedule().value();
        }
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
