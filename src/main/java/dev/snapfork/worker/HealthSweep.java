package dev.snapfork.worker;

import dev.snapfork.health.Health;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.operation.Cuid;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.Found;
import dev.snapfork.store.PayloadStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Keeps the findings in step with what there is: tells of records that cannot be read, and forgets about what is gone. */
@ApplicationScoped
class HealthSweep {
    private static final Duration WRITERS_TAKE = Duration.ofHours(1);

    private final PayloadStore store;
    private final HealthLedger ledger;
    private final Clock clock;

    HealthSweep(PayloadStore store, HealthLedger ledger, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Writes down that a directory has no readable record, if its name is an id.
     *
     * @param place relative to the data directory
     */
    void noteUnreadable(String place, String problem) throws IOException {
        var directory = store.layout().data().resolve(place);
        var id = directory.getFileName().toString();
        if (Cuid.isValid(id)) {
            var subject = directory.startsWith(store.layout().snapshots())
                    ? Health.Subject.SNAPSHOT
                    : Health.Subject.INSTANCE;
            ledger.noteUnlessKnown(subject, id, problem, now());
        }
    }

    /** Looks after all findings; those about snapshots are renewed by verifying them. */
    void sweep() throws IOException {
        for (var id : store.health().ids()) {
            var entry = store.health().find(id).entry();
            if (!isThere(id)) {
                ledger.forget(id);
            } else if (entry.isPresent()
                    && entry.get().health().subject() == Health.Subject.INSTANCE
                    && entry.get().health().isDamaged()
                    && store.instances().find(new InstanceId(id)) instanceof Found.Present<?>) {
                ledger.found(Health.Subject.INSTANCE, id, null, null, now());
            }
        }
        store.health().sweep(clock.instant().minus(WRITERS_TAKE));
    }

    /** Asked after the finding was read: of something new there is none before it is there. */
    private boolean isThere(String id) {
        return exists(store.layout().snapshot(new SnapshotId(id)))
                || exists(store.layout().guest(new InstanceId(id)));
    }

    private static boolean exists(Path directory) {
        return Files.exists(directory);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
