package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What PostgreSQL keeps for the workers of a simulation, as a test sees it that stands outside. */
public final class Ledger {
    final InMemoryAgreements agreements;
    private final Set<OperationId> withdrawn = new HashSet<>();

    public Ledger(Clock clock) {
        agreements = new InMemoryAgreements(clock);
    }

    public Optional<OperationSettled> end(OperationId operation) {
        return agreements.find(operation);
    }

    /** As the API does it for a client; of no effect on what has ended. */
    public void cancel(Operation operation) {
        if (agreements.cancellations().ask(operation)) {
            withdrawn.add(operation.id());
        }
    }

    /** What was cancelled before anybody had taken it up. */
    public Set<OperationId> withdrawn() {
        return Set.copyOf(withdrawn);
    }

    /** Whether all that was to be cancelled has been seen to. */
    public boolean isIdle() {
        return agreements.cancellations().isIdle();
    }

    public Set<String> owners() {
        return agreements.owners();
    }
}
