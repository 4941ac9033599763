package dev.snapfork.projection;

import dev.snapfork.command.CommandCodec;
import dev.snapfork.deadletter.LetterCodec;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventCodec;
import dev.snapfork.event.EventType;
import dev.snapfork.log.CloudEvent;
import dev.snapfork.log.StructuredEvent;
import dev.snapfork.log.Topics;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Operation;
import dev.snapfork.view.ReadModelBatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What each record of each topic means for the read model; pure. */
final class RecordReader {
    private RecordReader() {}

    /** @throws UnreadableRecordException if this version knows no such record */
    static void read(ConsumerRecord<byte[], byte[]> record, ReadModelBatch batch) {
        var value = record.value();
        switch (record.topic()) {
            case Topics.COMMANDS, Topics.COMPRESSIONS, Topics.VERIFICATIONS ->
                batch.operation(CommandCodec.decode(record.headers(), value).accepted(), null, null);
            case Topics.PROGRESS -> {
                if (value != null) {
                    batch.operation(WireJson.read(value, Operation.class), null, null);
                }
            }
            case Topics.DEAD_LETTERS -> batch.letter(LetterCodec.decode(record));
            case Topics.EVENTS -> {
                // A null value lets compaction forget a deleted aggregate; its deletion has been applied before.
                if (value != null) {
                    var event = EventCodec.decode(record.headers(), value);
                    apply(event, batch);
                    SnapshotHistory.subject(event)
                            .ifPresent(snapshot -> batch.history(
                                    event.aggregateId() + "-" + event.sequence(),
                                    snapshot,
                                    event.time(),
                                    StructuredEvent.json(CloudEvent.of(record.headers()), value)));
                    if (!(event instanceof Event.OperationSettled)) {
                        batch.told(
                                event.aggregateId(),
                                event.sequence(),
                                record.topic(),
                                record.partition(),
                                record.offset());
                    }
                }
            }
            default -> throw new UnreadableRecordException("no meaning is known for topic " + record.topic());
        }
    }

    private static void apply(Event event, ReadModelBatch batch) {
        switch (event) {
            case Event.SnapshotChanged e ->
                batch.snapshot(e.snapshot(), e.type() == EventType.SNAPSHOT_DELETED ? e.time() : null);
            case Event.InstanceChanged e ->
                batch.instance(e.instance(), e.type() == EventType.INSTANCE_DELETED ? e.time() : null);
            case Event.HealthFound e -> batch.finding(e.health());
            case Event.ScheduleChanged e ->
                batch.schedule(e.schedule(), e.type() == EventType.SCHEDULE_DELETED ? e.time() : null);
            case Event.OperationSettled e -> batch.operation(e.outcome(), e.snapshot(), e.instance(), e.schedule());
        }
    }
}
