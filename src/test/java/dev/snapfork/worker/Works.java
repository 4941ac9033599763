package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.PayloadStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** Work on commands that no worker has taken. */
final class Works {
    private Works() {}

    /** A fork that nobody cancels, in a staging directory of its own. */
    static Work fork(PayloadStore store, OperationId operation, SnapshotId snapshot) throws IOException {
        var command = new Command.ForkSnapshot(snapshot, new InstanceId("i".repeat(24)), "fork", null, null);
        var attempt = new AttemptId(operation, UUID.randomUUID().toString());
        return new Work(
                new CommandEnvelope(operation, Instant.EPOCH, command),
                attempt,
                new Places.Place(store.staging().open(operation, attempt.name()), null),
                () -> false,
                () -> false,
                Clock.systemUTC(),
                (at, reached) -> {});
    }
}
