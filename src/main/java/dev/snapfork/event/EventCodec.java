package dev.snapfork.event;

import dev.snapfork.health.Health;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.log.CloudEvent;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Particulars;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The frozen wire form of events: CloudEvents with the extensions {@code sequence} (the aggregate's version), {@code
 * correlationid} and {@code causationid} (the command). An event that is published again has the same id.
 */
public final class EventCodec {
    private static final String SOURCE = "/snapfork/worker";
    private static final String SEQUENCE = "sequence";
    private static final String CORRELATION = "correlationid";
    private static final String CAUSATION = "causationid";

    private EventCodec() {}

    private record SnapshotData(
            Snapshot snapshot,
            @Nullable Long pauseMs,
            @Nullable List<String> changed) {}

    private record InstanceData(
            Instance instance,
            @Nullable SnapshotId snapshotId,
            @Nullable InstanceId sourceInstanceId,
            @Nullable Long pauseMs,
            @Nullable IdentityReset identity,
            @Nullable List<String> changed) {
        static InstanceData of(Event.InstanceChanged e) {
            var particulars = e.particulars();
            return new InstanceData(
                    e.instance(), e.from(), e.source(), particulars.pauseMs(), particulars.identity(), changedBy(e));
        }

        Event.InstanceChanged event(EventType type, Instant time, @Nullable OperationId operation) {
            return new Event.InstanceChanged(
                    type, time, operation, instance, snapshotId, sourceInstanceId, new Particulars(pauseMs, identity));
        }
    }

    private record HealthData(Health health, @Nullable List<String> changed) {}

    private record ScheduleData(
            SnapshotSchedule schedule, @Nullable List<String> changed) {}

    private record OperationData(
            Operation operation,
            String near,
            @Nullable Snapshot snapshot,
            @Nullable Instance instance,
            @Nullable SnapshotSchedule schedule) {}

    public static CloudEvent attributes(Event event) {
        var extensions = new HashMap<String, String>(Map.of(SEQUENCE, Long.toString(event.sequence())));
        var operation = event.operation();
        if (operation != null) {
            extensions.put(CORRELATION, operation.value());
            extensions.put(CAUSATION, operation.value());
        }
        return new CloudEvent(
                event.aggregateId() + "-" + event.sequence(),
                event.type().wireName(),
                SOURCE,
                event.aggregateId(),
                event.time(),
                extensions);
    }

    public static byte[] data(Event event) {
        return WireJson.bytes(
                switch (event) {
                    case Event.SnapshotChanged e ->
                        new SnapshotData(e.snapshot(), e.particulars().pauseMs(), changedBy(e));
                    case Event.InstanceChanged e -> InstanceData.of(e);
                    case Event.HealthFound e -> new HealthData(e.health(), changedBy(e));
                    case Event.ScheduleChanged e -> new ScheduleData(e.schedule(), changedBy(e));
                    case Event.OperationSettled e ->
                        new OperationData(e.outcome(), e.near(), e.snapshot(), e.instance(), e.schedule());
                });
    }

    /** Null where there is none, as the wire form has no empty lists. */
    private static @Nullable List<String> changedBy(Event event) {
        var names = event.type().changed();
        return names.isEmpty() ? null : names;
    }

    /** @throws UnreadableRecordException if this is no event that this version knows */
    public static Event decode(Headers headers, byte[] value) {
        var event = CloudEvent.of(headers);
        var type = EventType.parse(event.type());
        var cause = event.extensions().get(CAUSATION);
        try {
            var operation = cause == null ? null : new OperationId(cause);
            return switch (type.aggregate()) {
                case SNAPSHOT -> {
                    var data = WireJson.read(value, SnapshotData.class);
                    yield new Event.SnapshotChanged(
                            type, event.time(), operation, data.snapshot(), new Particulars(data.pauseMs(), null));
                }
                case INSTANCE -> WireJson.read(value, InstanceData.class).event(type, event.time(), operation);
                case HEALTH ->
                    new Event.HealthFound(
                            operation, WireJson.read(value, HealthData.class).health());
                case SCHEDULE ->
                    new Event.ScheduleChanged(
                            type,
                            event.time(),
                            operation,
                            WireJson.read(value, ScheduleData.class).schedule());
                case OPERATION -> {
                    var data = WireJson.read(value, OperationData.class);
                    yield new Event.OperationSettled(
                            event.time(),
                            data.operation(),
                            data.near(),
                            data.snapshot(),
                            data.instance(),
                            data.schedule());
                }
            };
        } catch (IllegalArgumentException | NullPointerException e) {
            // Data without its state, or a state without what every state has.
            throw new UnreadableRecordException("bad event: " + e.getMessage(), e);
        }
    }
}
