package dev.snapfork.rest;

import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.random.RandomGenerator;

/** Gives out ids that nobody can guess. */
@ApplicationScoped
class Ids {
    private final RandomGenerator random;

    Ids(RandomGenerator random) {
        this.random = random;
    }

    OperationId operation() {
        return new OperationId(Cuid.random(random));
    }

    InstanceId instance() {
        return new InstanceId(Cuid.random(random));
    }

    SnapshotId snapshot() {
        return new SnapshotId(Cuid.random(random));
    }
}
