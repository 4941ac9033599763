package dev.snapfork.worker;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;

@QuarkusTest
class PostgresNameClaimsTest extends NameClaimsContract {
    private final PostgresAgreements agreements;

    @Inject
    PostgresNameClaimsTest(PostgresAgreements agreements) {
        this.agreements = agreements;
    }

    @Override
    NameClaims claims() {
        return agreements;
    }

    @Override
    Settlements settlements() {
        return agreements;
    }
}
