package dev.snapfork.worker;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;

@QuarkusTest
class PostgresSettlementsTest extends SettlementsContract {
    private final PostgresAgreements agreements;

    @Inject
    PostgresSettlementsTest(PostgresAgreements agreements) {
        this.agreements = agreements;
    }

    @Override
    Settlements settlements() {
        return agreements;
    }
}
