package dev.snapfork.worker;

import dev.snapfork.operation.OperationId;
import jakarta.enterprise.context.ApplicationScoped;

/** Claims and releases names, waiting for PostgreSQL as long as it takes. */
@ApplicationScoped
class Names {
    private final NameClaims claims;
    private final Patience patience;

    Names(NameClaims claims, Patience patience) {
        this.claims = claims;
        this.patience = patience;
    }

    /** As {@link NameClaims#claim}. */
    boolean claim(String scope, String name, String owner, OperationId operation) {
        return patience.insist("claim a name", () -> claims.claim(scope, name, owner, operation));
    }

    /** As {@link NameClaims#release}. */
    void release(String owner) {
        patience.insist("release a name", () -> {
            claims.release(owner);
            return owner;
        });
    }
}
