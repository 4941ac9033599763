package dev.snapfork.worker;

import dev.snapfork.operation.Operation;

class InMemoryCancellationsTest extends CancellationsContract {
    private final InMemoryAgreements agreements = new InMemoryAgreements();
    private final InMemoryCancellations cancellations = new InMemoryCancellations(agreements);

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
