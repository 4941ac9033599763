package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.worker.Cancellations.Request;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Brings requests to cancel to the commands that they are about. What this worker has in work is told to stop; what no worker
 * has taken up is ended here, by whichever worker is first. Looks when it is rung, and every second.
 */
@ApplicationScoped
class CancelDesk {
    private static final Logger LOG = Logger.getLogger(CancelDesk.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Many more at once are seen to at the next look. */
    private static final int MOST_AT_ONCE = 256;

    private static final Executor WITHDRAWALS = Thread.ofPlatform().daemon().name("withdrawals")::start;

    private final ConcurrentMap<OperationId, TakenUp> inWork = new ConcurrentHashMap<>();
    private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);
    private final AtomicBoolean withdrawing = new AtomicBoolean();
    private final Cancellations cancellations;
    private final Withdrawal withdrawal;
    private final Settlements settlements;
    private final EventPublisher events;
    private final Patience patience;
    private final Clock clock;
    private final RandomGenerator random;
    private final SnapforkConfig config;

    CancelDesk(
            Cancellations cancellations,
            Withdrawal withdrawal,
            Settlements settlements,
            EventPublisher events,
            Patience patience,
            Clock clock,
            RandomGenerator random,
            SnapforkConfig config) {
        this.cancellations = cancellations;
        this.withdrawal = withdrawal;
        this.settlements = settlements;
        this.events = events;
        this.patience = patience;
        this.clock = clock;
        this.random = random;
        this.config = config;
    }

    /** A command in this worker's hands, until it is closed. */
    final class TakenUp implements AutoCloseable {
        private final OperationId operation;
        private volatile boolean stop;
        private boolean withdrawn;

        private TakenUp(OperationId operation) {
            this.operation = operation;
        }

        /** Whether somebody wants it stopped; may become true at any time. */
        boolean cancelled() {
            return stop;
        }

        /** Whether it was cancelled before any worker had taken it up, and must not be begun. */
        boolean withdrawn() {
            return withdrawn;
        }

        @Override
        public void close() {
            inWork.remove(operation, this);
        }
    }

    /**
     * Takes a command up.
     *
     * @throws Patience.StoppingException if the worker stops before that is on record
     */
    TakenUp takeUp(OperationId operation) {
        var taken = new TakenUp(operation);
        // before it is on record that it was taken up: no request that comes later can be missed
        inWork.put(operation, taken);
        try {
            switch (patience.insist("take up a command", () -> cancellations.takeUp(operation))) {
                case BEGIN -> {}
                case STOP -> taken.stop = true;
                case WITHDRAWN -> taken.withdrawn = true;
            }
            return taken;
        } catch (RuntimeException e) {
            taken.close();
            throw e;
        }
    }

    /** Asks for a look at the requests. */
    void ring() {
        var unused = bell.offer(true);
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(SnapforkConfig.Role.WORKER)) {
            Thread.ofPlatform().daemon().name("cancellations").start(this::watch);
        }
    }

    /** The thread ends with its next look. */
    void stop(@Observes ShutdownEvent event) {
        patience.stop();
        ring();
    }

    private void watch() {
        while (!patience.stopping()) {
            try {
                var unused = bell.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                look(WITHDRAWALS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.debugf("could not look for what is to be cancelled, trying again: %s", e.toString());
            }
        }
    }

    /**
     * Looks at the requests once.
     *
     * @param withdrawals a thread of its own, since it waits for Kafka, and what is in work shall not wait for that
     */
    void look(Executor withdrawals) {
        cancellations.forgetSettled(clock.instant().minus(config.topics().commandRetention()));
        var requests = cancellations.requests(MOST_AT_ONCE);
        for (var request : requests) {
            var taken = inWork.get(request.accepted().id());
            if (taken != null) {
                taken.stop = true;
            }
        }
        var nobodys = requests.stream()
                .filter(request -> !request.takenUp()
                        && !inWork.containsKey(request.accepted().id()))
                .map(Request::accepted)
                .toList();
        if (!nobodys.isEmpty() && withdrawing.compareAndSet(false, true)) {
            withdrawals.execute(() -> withdraw(nobodys));
        }
    }

    private void withdraw(List<Operation> nobodys) {
        try {
            for (var accepted : nobodys) {
                var end = patience.insist("record how a command settled", () -> record(accepted));
                if (end.isEmpty()) {
                    // another worker does it, or the next look
                    continue;
                }
                patience.insist("publish how a command settled", events.publish(end.get()));
                cancellations.forget(accepted.id());
                LOG.infof("cancelled before it was begun: operation=%s", accepted.id());
            }
        } catch (RuntimeException e) {
            LOG.debugf("will be tried again: %s", e.toString());
        } finally {
            withdrawing.set(false);
        }
    }

    private Optional<OperationSettled> record(Operation accepted) {
        var attempt = new AttemptId(accepted.id(), Cuid.random(random));
        return settlements.begin(attempt).or(() -> settlements.record(withdrawal.withdraw(accepted), attempt));
    }
}
