package dev.snapfork.worker;

import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.snapshot.SnapshotId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Ends commands that were cancelled before any worker had taken them up. */
@ApplicationScoped
class Withdrawal {
    private static final Logger LOG = Logger.getLogger(Withdrawal.class);

    private final CompressSnapshotHandler compressions;
    private final Clock clock;

    Withdrawal(CompressSnapshotHandler compressions, Clock clock) {
        this.compressions = compressions;
        this.clock = clock;
    }

    /** The end of such a command, to be recorded. May be asked for again, and by several workers at once. */
    OperationSettled withdraw(Operation accepted) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (accepted.kind() == OperationKind.COMPRESS_SNAPSHOT && accepted.snapshotId() != null) {
            try {
                compressions.withdraw(new SnapshotId(accepted.snapshotId()), accepted.id(), now);
            } catch (IOException e) {
                // The snapshot goes on saying that it will be compressed, which another compression or a delete ends.
                LOG.warnf("a snapshot was left as it is: operation=%s reason=%s", accepted.id(), e.toString());
            }
        }
        var why = new Refusal(RefusalCode.CANCELLED, "cancelled on request, before it was begun");
        return new OperationSettled(now, accepted.withdrawn(now, why), near(accepted), null, null);
    }

    /** The aggregate that the command was about: its key. */
    private static String near(Operation operation) {
        var key =
                switch (operation.kind()) {
                    case IMPORT_INSTANCE,
                            DELETE_INSTANCE,
                            CREATE_INSTANCE,
                            START_INSTANCE,
                            STOP_INSTANCE,
                            STANDBY_INSTANCE,
                            RESTORE_INSTANCE,
                            FORK_INSTANCE,
                            COMPRESS_STANDBY,
                            CREATE_SNAPSHOT,
                            RESTORE_SNAPSHOT,
                            FORK_SNAPSHOT,
                            SET_SCHEDULE,
                            DELETE_SCHEDULE,
                            RUN_SCHEDULE -> operation.instanceId();
                    case COMPRESS_SNAPSHOT, DELETE_SNAPSHOT, VERIFY_SNAPSHOT -> operation.snapshotId();
                    case UNKNOWN -> null;
                };
        return Objects.requireNonNullElse(key, operation.id().value());
    }
}
