package dev.snapfork.worker;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.operation.OperationId;
import jakarta.enterprise.context.ApplicationScoped;

/** Claims and releases names, waiting for PostgreSQL as long as it takes. */
@ApplicationScoped
class Names {
    private final NameClaims claims;
    private final Patience patience;
    private final Faults faults;

    Names(NameClaims claims, Patience patience, Faults faults) {
        this.claims = claims;
        this.patience = patience;
        this.faults = faults;
    }

    /**
     * Whether {@code owner} now holds the name; true again for an owner that held it before.
     *
     * @throws LostException if a later attempt at the command has begun
     */
    boolean claim(String scope, String name, String owner, Work work) {
        var held =
                switch (patience.insist("claim a name", () -> claims.claim(scope, name, owner, work.attempt()))) {
                    case HELD -> true;
                    case TAKEN -> false;
                    case LOST -> throw new LostException();
                };
        faults.passed(Step.NAME_CLAIMED);
        return held;
    }

    /** Gives up all that the owner holds, unless a later attempt at the command has begun. */
    void release(String owner, Work work) {
        patience.insist("release a name", () -> {
            claims.release(owner, work.attempt());
            return owner;
        });
        faults.passed(Step.NAME_RELEASED);
    }

    /** As {@link NameClaims#adopt}. */
    boolean adopt(String scope, String name, String owner, OperationId cause) {
        return patience.insist("claim a name", () -> claims.adopt(scope, name, owner, cause));
    }
}
