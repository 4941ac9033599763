package dev.snapfork.worker;

import dev.snapfork.operation.Refusal;
import dev.snapfork.store.Found;

/** Says that a record cannot be used. */
final class Damage {
    private Damage() {}

    static Outcome reject(Found.Damaged<?> damaged) {
        return new Outcome.Rejected(Refusal.conflict("the record of " + damaged.id() + " is damaged: "
                + damaged.problem() + "; it is left as it is until somebody repairs or removes it"));
    }
}
