package dev.snapfork.event;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Writes events to the log. */
@ApplicationScoped
public class EventPublisher {
    private static final int MOST_WAITING = 4096;

    private final MutinyEmitter<byte[]> events;

    EventPublisher(
            @Channel("events-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    MutinyEmitter<byte[]> events) {
        this.events = events;
    }

    /**
     * Completes when the brokers have the event for good. On a failure it is not known whether they have it: publishing the same
     * event again does no harm, it has the same id and sequence.
     */
    public Uni<Void> publish(Event event) {
        var record = OutgoingKafkaRecordMetadata.<EventKey>builder()
                .withKey(new EventKey(event.aggregateId(), event.near()))
                .withHeaders(EventCodec.attributes(event).headers())
                .build();
        return Uni.createFrom()
                .deferred(() -> events.sendMessage(Message.of(EventCodec.data(event), Metadata.of(record))))
                .replaceWithVoid();
    }

    /** Lets compaction forget a deleted aggregate; completes when the brokers have it for good. */
    public Uni<Void> forget(String aggregateId) {
        return forget(new EventKey(aggregateId, aggregateId));
    }

    /** As {@link #forget(String)}, of the findings about it. */
    public Uni<Void> forgetFindings(String aggregateId) {
        return forget(new EventKey(Event.HealthFound.aggregateOf(aggregateId), aggregateId));
    }

    private Uni<Void> forget(EventKey key) {
        return Uni.createFrom()
                .deferred(() -> events.sendMessage(KafkaRecord.<EventKey, byte[]>of(key, null)))
                .replaceWithVoid();
    }
}
