package dev.snapfork.worker;

import dev.snapfork.event.EventType;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Attempt;
import dev.snapfork.store.Commit;
import dev.snapfork.store.Found;
import dev.snapfork.store.LastEvent;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.ScheduleManifest;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** As {@link Mending}, for schedules: tells what failed commands did to them, and ends the runs that those had begun. */
@ApplicationScoped
class ScheduleMending {
    private static final Logger LOG = Logger.getLogger(ScheduleMending.class);

    private final PayloadStore store;
    private final Settlements settlements;
    private final Announcer announcer;
    private final Clock clock;

    ScheduleMending(PayloadStore store, Settlements settlements, Announcer announcer, Clock clock) {
        this.store = store;
        this.settlements = settlements;
        this.announcer = announcer;
        this.clock = clock;
    }

    void mend() throws IOException {
        for (var end : settlements.failed()) {
            mend(end.outcome());
        }
    }

    private void mend(Operation failed) throws IOException {
        if (failed.instanceId() != null
                && store.schedules().find(new InstanceId(failed.instanceId()))
                        instanceof Found.Present<ScheduleManifest>(var manifest)
                && isLast(manifest, failed)) {
            announcer.announce(manifest);
            if (failed.id().equals(manifest.schedule().currentOperationId())) {
                endRun(manifest, failed);
            }
        }
    }

    private static boolean isLast(ScheduleManifest manifest, Operation failed) {
        var last = manifest.applied().last();
        return last != null && failed.id().equals(last.operation());
    }

    private void endRun(ScheduleManifest begun, Operation failed) throws IOException {
        var made = failed.snapshotId() != null
                        && store.snapshots().find(new SnapshotId(failed.snapshotId()))
                                instanceof Found.Present<SnapshotManifest>(var snapshot)
                ? snapshot.snapshot().id()
                : null;
        var type = made != null ? EventType.SCHEDULE_RUN_COMPLETED : EventType.SCHEDULE_RUN_FAILED;
        var event = new LastEvent(type.wireName(), failed.id(), clock.instant().truncatedTo(ChronoUnit.MICROS), null);
        var next = new ScheduleManifest(
                made != null
                        ? begun.schedule().succeeded(made)
                        : begun.schedule().failed(reason(failed.error())),
                false,
                begun.applied().saying(event).settling(failed.id()));
        Attempt place = store.staging().open(failed.id(), "mending-" + UUID.randomUUID());
        try {
            if (store.schedules().replace(begun.schedule(), next, place) instanceof Commit.Done) {
                announcer.announce(next);
                LOG.warnf(
                        "a schedule said that it was running, and was not: schedule=%s",
                        next.schedule().id());
            }
        } finally {
            store.staging().discard(failed.id());
        }
    }

    private static String reason(@Nullable Refusal error) {
        return error == null ? "it ended without an outcome" : error.message();
    }
}
