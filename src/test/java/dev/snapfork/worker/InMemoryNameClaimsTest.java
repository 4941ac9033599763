package dev.snapfork.worker;

class InMemoryNameClaimsTest extends NameClaimsContract {
    private final InMemoryAgreements agreements = new InMemoryAgreements();

    @Override
    NameClaims claims() {
        return agreements;
    }

    @Override
    Settlements settlements() {
        return agreements;
    }
}
