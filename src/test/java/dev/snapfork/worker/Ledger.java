package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.OperationId;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** What PostgreSQL keeps for the workers of a simulation, as a test sees it that stands outside. */
public final class Ledger {
    final InMemoryAgreements agreements;

    public Ledger(Clock clock) {
        agreements = new InMemoryAgreements(clock);
    }

    public Optional<OperationSettled> end(OperationId operation) {
        return agreements.find(operation);
    }

    public Set<String> owners() {
        return agreements.owners();
    }
}
