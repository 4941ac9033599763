package dev.snapfork.worker;

import dev.snapfork.event.Event;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.event.EventType;
import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.operation.OperationId;
import dev.snapfork.store.Applied;
import dev.snapfork.store.HealthRecords;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.ScheduleManifest;
import dev.snapfork.store.SnapshotManifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Publishes the event that a manifest carries. A manifest is its own outbox: it holds the event of its version, and that event is
 * published before the manifest is replaced by the next version. So each aggregate's events are complete and in order, whatever
 * crashed in between; an event that is published twice has the same id and sequence.
 */
@ApplicationScoped
class Announcer {
    private static final Logger LOG = Logger.getLogger(Announcer.class);
    private static final int REMEMBERED = 65_536;

    private final Set<String> announced = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    private final EventPublisher events;
    private final Patience patience;
    private final Faults faults;

    Announcer(EventPublisher events, Patience patience, Faults faults) {
        this.events = events;
        this.patience = patience;
        this.faults = faults;
    }

    /**
     * Returns when the event of the manifest's version is published, now or earlier by this process.
     *
     * @throws DamagedException if the manifest names an event that nobody knows
     */
    void announce(SnapshotManifest manifest) throws DamagedException {
        if (manifest.applied().last() != null) {
            publishOnce(CurrentEvent.of(manifest));
        }
    }

    /** As {@link #announce(SnapshotManifest)}. */
    void announce(InstanceManifest manifest) throws DamagedException {
        if (manifest.applied().last() != null) {
            publishOnce(CurrentEvent.of(manifest));
        }
    }

    /** As {@link #announce(SnapshotManifest)}. */
    void announce(ScheduleManifest manifest) {
        if (manifest.deleted()) {
            announceDeletion(CurrentEvent.of(manifest));
        } else {
            publishOnce(CurrentEvent.of(manifest));
        }
    }

    /**
     * Returns when the event of a deletion is published, and that of the version before it. Compaction may then forget the
     * aggregate.
     *
     * @param last the manifest as it was moved into the trash
     * @param accepted when the command was
     */
    void announceDeletion(SnapshotManifest last, OperationId by, Instant accepted) {
        announceIfKnown(() -> announce(last));
        announceDeletion(new Event.SnapshotChanged(
                EventType.SNAPSHOT_DELETED,
                deletedAt(last.applied(), accepted),
                by,
                last.snapshot().deleted()));
    }

    /** As {@link #announceDeletion(SnapshotManifest, OperationId, Instant)}. */
    void announceDeletion(InstanceManifest last, OperationId by, Instant accepted) {
        announceIfKnown(() -> announce(last));
        announceDeletion(new Event.InstanceChanged(
                EventType.INSTANCE_DELETED,
                deletedAt(last.applied(), accepted),
                by,
                last.instance().deleted(),
                null));
    }

    /** As {@link #announce(SnapshotManifest)}, of a finding. */
    void announce(HealthRecords.Entry finding) {
        publishOnce(CurrentEvent.of(finding));
    }

    /** Publishes a deletion of what has no manifest that could tell it. Compaction may then forget the aggregate. */
    void announceDeletion(Event deletion) {
        publishOnce(deletion);
        patience.insist("let a deleted aggregate be forgotten", events.forget(deletion.aggregateId()));
    }

    private interface Announcement {
        void make() throws DamagedException;
    }

    /** What cannot be told any more keeps nobody from deleting it. */
    private static void announceIfKnown(Announcement announcement) {
        try {
            announcement.make();
        } catch (DamagedException e) {
            LOG.warnf("not told before it was deleted: %s", e.getMessage());
        }
    }

    /** The time of a deletion's event: the same whenever that is published, since no manifest keeps it. */
    private static Instant deletedAt(Applied before, Instant accepted) {
        var last = before.last();
        return last == null || last.time().isBefore(accepted) ? accepted : last.time();
    }

    /** Publishes an event of what was found on disk. */
    void announceAdoption(Event adoption) {
        publishOnce(adoption);
    }

    private void publishOnce(Event event) {
        var key = event.aggregateId() + "-" + event.sequence();
        if (!announced.contains(key)) {
            patience.insist("publish an event", events.publish(event), () -> faults.passed(Step.EVENT_PUBLISHED));
            announced.add(key);
        }
    }
}
