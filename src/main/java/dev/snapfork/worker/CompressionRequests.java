package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.CommandPublisher;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Publishes the commands that compress new snapshots. */
@ApplicationScoped
class CompressionRequests {
    private final CommandPublisher commands;
    private final Patience patience;
    private final Faults faults;
    private final Clock clock;

    CompressionRequests(CommandPublisher commands, Patience patience, Faults faults, Clock clock) {
        this.commands = commands;
        this.patience = patience;
        this.faults = faults;
        this.clock = clock;
    }

    /** The command's id follows from its cause, so that asking twice is asking once. */
    void requestIfWanted(SnapshotManifest manifest, OperationId cause) {
        var snapshot = manifest.snapshot();
        var wanted = snapshot.compression();
        if (snapshot.version() == 1 && snapshot.compressionState() == CompressionState.COMPRESSING && wanted != null) {
            var envelope = new CommandEnvelope(
                    idOf(cause),
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    new Command.CompressSnapshot(snapshot.id(), wanted));
            patience.insist(
                    "publish a compress command",
                    commands.publish(envelope),
                    () -> faults.passed(Step.FOLLOW_UP_PUBLISHED));
        }
    }

    /** Whether the snapshot says that it will be compressed because of this command, and nothing has happened since. */
    static boolean isPromised(SnapshotManifest manifest, OperationId operation) {
        var snapshot = manifest.snapshot();
        return snapshot.version() == 1
                && snapshot.compressionState() == CompressionState.COMPRESSING
                && operation.equals(idOf(cause(manifest)));
    }

    /** What made the snapshot: a command or, where it came with the data directory, its adoption. */
    static OperationId cause(SnapshotManifest manifest) {
        var last = manifest.applied().last();
        return last == null || last.operation() == null
                ? adoptionOf(manifest.snapshot().id().value())
                : last.operation();
    }

    /** Stands for a command where there was none. */
    static OperationId adoptionOf(String id) {
        return new OperationId(Cuid.derived("adoption of " + id));
    }

    /** The command that follows from its cause. */
    static OperationId idOf(OperationId cause) {
        return new OperationId(Cuid.derived(cause + "/compress"));
    }
}
