package dev.snapfork.worker;

import dev.snapfork.instance.Instance;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Particulars;
import dev.snapfork.operation.Progress;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotSchedule;
import dev.snapfork.store.Applied;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.SnapshotManifest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a command ends. */
sealed interface Outcome {
    /** Done, or found to be done by an earlier attempt. */
    record Succeeded(@Nullable Snapshot snapshot, @Nullable Instance instance, Particulars particulars)
            implements Outcome {
        /** With nothing to tell beside what was made or changed. */
        Succeeded(@Nullable Snapshot snapshot, @Nullable Instance instance) {
            this(snapshot, instance, Particulars.NONE);
        }
    }

    /** Done, and this is how the schedule is now. */
    record Scheduled(SnapshotSchedule schedule) implements Outcome {}

    /** The domain said no; nothing was changed. */
    record Rejected(Refusal refusal) implements Outcome {}

    /** Given up; nothing half-made is left. */
    record Failed(RefusalCode code, String reason) implements Outcome {}

    /** Stopped because its subject went away or somebody asked for it. */
    record Cancelled(String reason) implements Outcome {
        static final Cancelled ON_REQUEST = new Cancelled("cancelled on request");
    }

    static Outcome of(Snapshot snapshot) {
        return new Succeeded(snapshot, null);
    }

    static Outcome of(Instance instance) {
        return new Succeeded(null, instance);
    }

    /** Done; what there is to tell beside the state is kept in the manifest, and so is the same after a crash. */
    static Outcome of(SnapshotManifest made) {
        return new Succeeded(made.snapshot(), null, particulars(made.applied()));
    }

    /** As {@link #of(SnapshotManifest)}. */
    static Outcome of(InstanceManifest made) {
        return new Succeeded(null, made.instance(), particulars(made.applied()));
    }

    private static Particulars particulars(Applied applied) {
        return applied.last() == null ? Particulars.NONE : applied.last().particulars();
    }

    /** The operation's final state. */
    default Operation settle(Operation accepted, Instant started, Instant finished, @Nullable Progress reached) {
        return switch (this) {
            case Succeeded s ->
                accepted.settled(OperationStatus.SUCCEEDED, started, finished, reached, null)
                        .telling(s.particulars());
            case Scheduled s -> accepted.settled(OperationStatus.SUCCEEDED, started, finished, reached, null);
            case Rejected(var refusal) -> accepted.settled(OperationStatus.REJECTED, started, finished, null, refusal);
            case Failed(var code, var reason) ->
                accepted.settled(OperationStatus.FAILED, started, finished, reached, new Refusal(code, reason));
            case Cancelled(var reason) ->
                accepted.settled(
                        OperationStatus.CANCELLED,
                        started,
                        finished,
                        reached,
                        new Refusal(RefusalCode.CANCELLED, reason));
        };
    }
}
