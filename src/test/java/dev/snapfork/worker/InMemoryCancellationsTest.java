package dev.snapfork.worker;

import dev.snapfork.operation.Operation;
import java.time.Clock;

class InMemoryCancellationsTest extends CancellationsContract {
    private final InMemoryAgreements agreements = new InMemoryAgreements();
    private final InMemoryCancellations cancellations = new InMemoryCancellations(agreements, Clock.systemUTC());

    @Override
    Cancellations cancellations() {
        return cancellations;
    }

    @Override
    void ask(Operation operation) {
        cancellations.ask(operation);
    }

    @Override
    Settlements settlements() {
        return agreements;
    }
}
