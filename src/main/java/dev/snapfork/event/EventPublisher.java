package dev.snapfork.event;

import dev.snapfork.log.Topics;
import dev.snapfork.trace.LogLabels;
import dev.snapfork.trace.Traces;
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
    private final Traces traces;

    EventPublisher(
            @Channel("events-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    MutinyEmitter<byte[]> events,
            Traces traces) {
        this.events = events;
        this.traces = traces;
    }

    /**
     * Completes when the brokers have the event for good. On a failure it is not known whether they have it: publishing the same
     * event again does no harm, it has the same id and sequence. The trace and the request that it follows from are told beside it, in
     * headers of their own, if this thread is at the command that caused it.
     */
    public Uni<Void> publish(Event event) {
        var operation = event.operation();
        var cause = operation == null ? null : operation.value();
        var headers = EventCodec.attributes(event).headers();
        var hop = traces.sendsEvent(Topics.EVENTS, event.type().wireName(), cause);
        hop.writeTo(headers, Traces.OF_EVENTS);
        LogLabels.writeTo(headers, cause);
        var record = OutgoingKafkaRecordMetadata.<EventKey>builder()
                .withKey(new EventKey(event.aggregateId(), event.near()))
                .withHeaders(headers)
                .build();
        return hop.until(Uni.createFrom()
                .deferred(() -> events.sendMessage(Message.of(EventCodec.data(event), Metadata.of(record))))
                .replaceWithVoid());
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
