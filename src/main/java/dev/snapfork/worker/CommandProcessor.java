package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.trace.Traces;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** Brings a command to its end, exactly once however often it comes and however many work on it. */
@ApplicationScoped
class CommandProcessor {
    private static final Logger LOG = Logger.getLogger(CommandProcessor.class);

    private static final Duration PAUSE_AFTER_LOSS = Duration.ofSeconds(1);

    private final Places places;
    private final Execution execution;
    private final PayloadStore store;
    private final Settlements settlements;
    private final CancelDesk cancels;
    private final Withdrawal withdrawal;
    private final EventPublisher events;
    private final ProgressPublisher progress;
    private final HealthLedger ledger;
    private final Patience patience;
    private final Faults faults;
    private final Clock clock;
    private final RandomGenerator random;

    CommandProcessor(
            Places places,
            Execution execution,
            PayloadStore store,
            Settlements settlements,
            CancelDesk cancels,
            Withdrawal withdrawal,
            EventPublisher events,
            ProgressPublisher progress,
            HealthLedger ledger,
            Patience patience,
            Faults faults,
            Clock clock,
            RandomGenerator random) {
        this.places = places;
        this.execution = execution;
        this.store = store;
        this.settlements = settlements;
        this.cancels = cancels;
        this.withdrawal = withdrawal;
        this.events = events;
        this.progress = progress;
        this.ledger = ledger;
        this.patience = patience;
        this.faults = faults;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Returns when the end is published.
     *
     * @throws Patience.StoppingException if the worker stops before that, or the command has been given to another; it is to be
     *     handled again
     */
    void process(Received received) {
        var envelope = received.envelope();
        var id = envelope.id();
        var end = settle(received);
        patience.insist("publish how a command settled", events.publish(end), () -> faults.passed(Step.END_PUBLISHED));
        Traces.ended(end.outcome().status().text());
        cleanUp(end.outcome());
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
    private void cleanUp(Operation settled) {
        try {
            store.staging().discard(settled.id());
            faults.at(Step.STAGING_EMPTIED);
            if (settled.status() != OperationStatus.FAILED) {
                // else there may be what a delete has moved there and could not tell of
                store.trash().empty(settled.id());
            }
            faults.at(Step.TRASH_EMPTIED);
        } catch (IOException e) {
            LOG.warnf("left for the sweeper: operation=%s reason=%s", settled.id(), e.toString());
        }
    }

    /** Whoever has the partition attempts the command until it has settled; whoever has lost it leaves it to its successor. */
    private OperationSettled settle(Received received) {
        while (true) {
            try {
                return attempt(received);
            } catch (LostException e) {
                if (!received.tenure().ended()) {
                    LOG.warnf(
                            "another attempt has begun, though the command is this worker's: operation=%s",
                            received.envelope().id());
                    patience.pause(PAUSE_AFTER_LOSS);
                }
                // also when it was the consumer that learnt it later than the work
                if (received.tenure().ended()) {
                    throw new Patience.StoppingException();
                }
            }
        }
    }

    /** The place comes before the record, and the record before anything is decided: see {@link dev.snapfork.store.Attempt}. */
    private OperationSettled attempt(Received received) {
        var envelope = received.envelope();
        var attempt = new AttemptId(envelope.id(), Cuid.random(random));
        var place = places.open(envelope.command(), attempt);
        var settled = patience.insist("begin an attempt", () -> {
            var found = settlements.begin(attempt);
            faults.passed(Step.COMMAND_BEGUN);
            return found;
        });
        if (settled.isPresent()) {
            return settled.get();
        }
        try (var taken = cancels.takeUp(envelope.id())) {
            var end = taken.withdrawn()
                    ? withdrawal.withdraw(envelope.accepted())
                    : work(received, attempt, place, taken);
            return patience.insist("record how a command settled", () -> {
                        var recorded = settlements.record(end, attempt);
                        faults.passed(Step.END_RECORDED);
                        return recorded;
                    })
                    .orElseThrow(LostException::new);
        }
    }

    private OperationSettled work(Received received, AttemptId attempt, Places.Place place, CancelDesk.TakenUp taken) {
        var envelope = received.envelope();
        var accepted = envelope.accepted();
        var work = new Work(
                envelope,
                attempt,
                place,
                () -> patience.stopping() || received.tenure().ended(),
                taken::cancelled,
                clock,
                (started, reached) -> progress.publish(accepted, started, reached));
        return end(envelope, work, execution.run(envelope.command(), work, received.burial()));
    }

    private OperationSettled end(CommandEnvelope envelope, Work work, Outcome outcome) {
        var finished = work.now();
        return new OperationSettled(
                finished,
                outcome.settle(envelope.accepted(), work.started(), finished, work.reached()),
                near(envelope.command(), outcome),
                outcome instanceof Outcome.Succeeded s && s.snapshot() != null
                        ? ledger.withFindings(s.snapshot())
                        : null,
                outcome instanceof Outcome.Succeeded s ? s.instance() : null,
                outcome instanceof Outcome.Scheduled s ? s.schedule() : null);
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
        if (outcome instanceof Outcome.Succeeded(var snapshot, var instance, var _)) {
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
