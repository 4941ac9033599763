package dev.snapfork.worker;

import dev.snapfork.event.Event;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.store.PayloadStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Publishes the event of an aggregate's version again, while nobody else can change the aggregate: so the event does not stand
 * behind one of a later version, which compaction would then forget.
 */
@ApplicationScoped
class CurrentEvents {
    /** Longer than the producer itself tries: what it then has not confirmed will not come any more. */
    private static final Duration PUBLISH_LIMIT = Duration.ofSeconds(20);

    private final PayloadStore store;
    private final EventPublisher events;

    CurrentEvents(PayloadStore store, EventPublisher events) {
        this.store = store;
        this.events = events;
    }

    /**
     * Returns whether it is there; if so, its event is published.
     *
     * @throws RuntimeException if the storage or Kafka fails, or another held the aggregate for too long
     */
    boolean tell(InstanceId id) {
        return told(look -> store.instances().whileUnchanged(id, manifest -> look.at(CurrentEvent.of(manifest))));
    }

    /** As {@link #tell(InstanceId)}. */
    boolean tell(SnapshotId id) {
        return told(look -> store.snapshots().whileUnchanged(id, manifest -> look.at(CurrentEvent.of(manifest))));
    }

    private interface Look {
        void at(Event current);
    }

    private interface Hold {
        void on(Look look) throws IOException;
    }

    private boolean told(Hold hold) {
        var there = new AtomicBoolean();
        try {
            hold.on(event -> {
                publish(events.publish(event));
                there.set(true);
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
