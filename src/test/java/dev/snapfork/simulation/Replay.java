package dev.snapfork.simulation;

import dev.snapfork.command.CommandCodec;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventCodec;
import dev.snapfork.event.EventType;
import dev.snapfork.log.Topics;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Operation;
import dev.snapfork.view.InMemoryReadModel.Rows;
import dev.snapfork.view.InMemoryReadModel.Rows.InstanceRow;
import dev.snapfork.view.InMemoryReadModel.Rows.OperationRow;
import dev.snapfork.view.InMemoryReadModel.Rows.SnapshotRow;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the logs say of the world when each record is read once and in order: what a view must come to. */
final class Replay {
    private final Rows rows = new Rows(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    Rows rows() {
        return rows;
    }

    void read(ConsumerRecord<String, byte[]> record) {
        var value = record.value();
        if (value == null) {
            return;
        }
        switch (record.topic()) {
            case Topics.COMMANDS, Topics.COMPRESSIONS -> {
                var accepted = CommandCodec.decode(record.headers(), value).accepted();
                rows.operations().putIfAbsent(accepted.id().value(), new OperationRow(accepted, null, null));
            }
            case Topics.PROGRESS -> advance(new OperationRow(WireJson.read(value, Operation.class), null, null));
            case Topics.EVENTS -> told(EventCodec.decode(record.headers(), value));
            default -> throw new AssertionError(record.topic());
        }
    }

    private void told(Event event) {
        var deleted = event.type() == EventType.SNAPSHOT_DELETED || event.type() == EventType.INSTANCE_DELETED
                ? event.time()
                : null;
        switch (event) {
            case Event.SnapshotChanged e -> {
                var known = rows.snapshots().get(e.aggregateId());
                if (known == null || known.body().version() < e.sequence()) {
                    rows.snapshots().put(e.aggregateId(), new SnapshotRow(e.snapshot(), deleted));
                }
            }
            case Event.InstanceChanged e -> {
                var known = rows.instances().get(e.aggregateId());
                if (known == null || known.body().version() < e.sequence()) {
                    rows.instances().put(e.aggregateId(), new InstanceRow(e.instance(), deleted));
                }
            }
            case Event.HealthFound e -> throw new AssertionError(e);
            case Event.ScheduleChanged e -> throw new AssertionError(e);
            case Event.OperationSettled e -> advance(new OperationRow(e.outcome(), e.snapshot(), e.instance()));
        }
    }

    private void advance(OperationRow row) {
        var id = row.body().id().value();
        var known = rows.operations().get(id);
        if (known == null || !known.body().status().settled()) {
            rows.operations().put(id, row);
        }
    }
}
