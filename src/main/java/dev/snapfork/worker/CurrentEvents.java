package dev.snapfork.worker;

import dev.snapfork.event.Event;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.PayloadStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Publishes the event of an aggregate's version again, while nobody else can change the aggregate: so the event does not stand
 * behind one of a later version, which compaction would then forget.
 */
@ApplicationScoped
class CurrentEvents {
    /** Longer than the producer itself tries: what it then has not confirmed will not come any more. */
    private static final Duration PUBLISH_LIMIT = Duration.ofSeconds(20);

    private static final Logger LOG = Logger.getLogger(CurrentEvents.class);

    private final PayloadStore store;
    private final EventPublisher events;

    CurrentEvents(PayloadStore store, EventPublisher events) {
        this.store = store;
        this.events = events;
    }

    /**
     * Returns whether it is there and whole; if so, its event is published.
     *
     * @throws RuntimeException if the storage or Kafka fails, or another held the aggregate for too long
     */
    boolean tell(InstanceId id) {
        return told(look -> store.instances().whileUnchanged(id, manifest -> look.at(() -> CurrentEvent.of(manifest))));
    }

    /** As {@link #tell(InstanceId)}. */
    boolean tell(SnapshotId id) {
        return told(look -> store.snapshots().whileUnchanged(id, manifest -> look.at(() -> CurrentEvent.of(manifest))));
    }

    /** As {@link #tell(InstanceId)}, of the schedule that is kept with the instance. */
    boolean tell(ScheduleId id, InstanceId instance) {
        return told(look -> store.schedules().whileUnchanged(instance, manifest -> {
            if (manifest.schedule().id().equals(id)) {
                look.at(() -> CurrentEvent.of(manifest));
            }
        }));
    }

    /** As {@link #tell(InstanceId)}, of the last finding; told until it was the last one when its event was written. */
    boolean tellFinding(String subject) {
        try {
            var told = 0L;
            for (var known = store.health().find(subject);
                    known.version() > told;
                    known = store.health().find(subject)) {
                known.entry().ifPresent(entry -> publish(events.publish(CurrentEvent.of(entry))));
                told = known.version();
            }
            return told > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Told {
        Event event() throws DamagedException;
    }

    private interface Look {
        void at(Told current);
    }

    private interface Hold {
        void on(Look look) throws IOException;
    }

    private boolean told(Hold hold) {
        var there = new AtomicBoolean();
        try {
            hold.on(told -> {
                try {
                    publish(events.publish(told.event()));
                    there.set(true);
                } catch (DamagedException e) {
                    LOG.warnf("not told again: %s", e.getMessage());
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return there.get();
    }

    /** Tells of a deletion, and lets compaction forget what was deleted. */
    void tell(Event deletion) {
        publish(events.publish(deletion));
        forget(deletion.aggregateId());
    }

    /** Lets compaction forget what was told to be deleted. */
    void forget(String aggregate) {
        publish(events.forget(aggregate));
    }

    /** @throws RuntimeException if it is not published within the limit */
    static void publish(Uni<Void> publication) {
        publication.await().atMost(PUBLISH_LIMIT);
    }
}
