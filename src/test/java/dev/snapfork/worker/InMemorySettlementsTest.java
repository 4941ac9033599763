package dev.snapfork.worker;

class InMemorySettlementsTest extends SettlementsContract {
    private final InMemoryAgreements agreements = new InMemoryAgreements();

    @Override
    Settlements settlements() {
        return agreements;
    }
}
