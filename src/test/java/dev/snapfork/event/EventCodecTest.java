package dev.snapfork.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.health.Health;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Particulars;
import dev.snapfork.operation.Refusal;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.ScheduleRetention;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The wire form is frozen: others read it. */
class EventCodecTest {
    private static final OperationId OPERATION = new OperationId("o".repeat(24));
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Snapshot SNAPSHOT = new Snapshot(
            new SnapshotId("s".repeat(24)),
            "n",
            SnapshotKind.STANDBY,
            Map.of("k", "v"),
            new InstanceId("i".repeat(24)),
            "vm",
            Hypervisor.QEMU,
            NOW,
            5,
            CompressionState.NONE,
            null,
            null,
            null,
            null,
            2);
    private static final Instance INSTANCE = new Instance(
            new InstanceId("i".repeat(24)),
            "vm",
            "",
            null,
            InstanceState.STOPPED,
            null,
            null,
            null,
            null,
            null,
            Map.of(),
            Map.of(),
            null,
            List.of(),
            NOW,
            null,
            null,
            null,
            false,
            Hypervisor.QEMU,
            null,
            3);
    private static final Operation ENDED = Operation.accepted(
                    OPERATION, OperationKind.FORK_SNAPSHOT, "s".repeat(24), "i".repeat(24), NOW)
            .settled(OperationStatus.REJECTED, NOW, NOW, null, Refusal.conflict("taken"));
    private static final Particulars RESET =
            new Particulars(12L, new IdentityReset(List.of("mac", "hostname"), Map.of("entropy", "no agent")));
    private static final String RESET_JSON = """
            "pause_ms":12,"identity":{"reset":["mac","hostname"],"not_reset":{"entropy":"no agent"}}""";
    private static final String SNAPSHOT_JSON = """
            {"id":"S","name":"n","kind":"Standby","tags":{"k":"v"},"source_instance_id":"I","source_instance_name":"vm",\
            "source_hypervisor":"qemu","created_at":"2026-03-01T10:00:00Z","size_bytes":5,"compression_state":"none","version":2}""";
    private static final String INSTANCE_JSON = """
            {"id":"I","name":"vm","image":"","state":"Stopped","created_at":"2026-03-01T10:00:00Z","expires_at":null,\
            "has_snapshot":false,"hypervisor":"qemu","version":3}""";
    private static final SnapshotSchedule SCHEDULE = new SnapshotSchedule(
            new ScheduleId("s".repeat(24)),
            new InstanceId("i".repeat(24)),
            GoDuration.parse("1h"),
            "p",
            Map.of("k", "v"),
            new ScheduleRetention(7L, null),
            NOW.plusSeconds(3600),
            NOW,
            new SnapshotId("s".repeat(24)),
            null,
            NOW,
            NOW,
            1,
            null,
            false,
            3);
    private static final String SCHEDULE_JSON = """
            {"id":"S","instance_id":"I","interval":"1h0m0s","name_prefix":"p","metadata":{"k":"v"},"retention":{"max_count":7},\
            "next_run_at":"2026-03-01T11:00:00Z","last_run_at":"2026-03-01T10:00:00Z","last_snapshot_id":"S",\
            "created_at":"2026-03-01T10:00:00Z","updated_at":"2026-03-01T10:00:00Z","runs":1,"version":3}""";
    private static final String OPERATION_JSON = """
            {"id":"O","kind":"snapshot.fork","status":"rejected","snapshot_id":"S","instance_id":"I",\
            "created_at":"2026-03-01T10:00:00Z","started_at":"2026-03-01T10:00:00Z","finished_at":"2026-03-01T10:00:00Z",\
            "error":{"code":"conflict","message":"taken"}}""";

    private static final String FINDING_CHANGED = ",\"changed\":[\"state\",\"checked_at\",\"error\"]";

    static Stream<Arguments> golden() {
        return Stream.of(
                Arguments.of(
                        new Event.SnapshotChanged(EventType.SNAPSHOT_CREATED, NOW, OPERATION, SNAPSHOT),
                        "dev.snapfork.snapshot.created.v1",
                        "S-2",
                        "{\"snapshot\":" + SNAPSHOT_JSON + "}"),
                Arguments.of(
                        new Event.SnapshotChanged(EventType.SNAPSHOT_ADOPTED, NOW, null, SNAPSHOT),
                        "dev.snapfork.snapshot.adopted.v1",
                        "S-2",
                        "{\"snapshot\":" + SNAPSHOT_JSON + "}"),
                Arguments.of(
                        new Event.InstanceChanged(EventType.SNAPSHOT_FORKED, NOW, OPERATION, INSTANCE, SNAPSHOT.id()),
                        "dev.snapfork.snapshot.forked.v1",
                        "I-3",
                        "{\"instance\":" + INSTANCE_JSON + ",\"snapshot_id\":\"S\"}"),
                Arguments.of(
                        new Event.SnapshotChanged(
                                EventType.SNAPSHOT_CREATED, NOW, OPERATION, SNAPSHOT, Particulars.ofPause(12)),
                        "dev.snapfork.snapshot.created.v1",
                        "S-2",
                        "{\"snapshot\":" + SNAPSHOT_JSON + ",\"pause_ms\":12}"),
                Arguments.of(
                        new Event.InstanceChanged(
                                EventType.INSTANCE_FORKED,
                                NOW,
                                OPERATION,
                                INSTANCE,
                                null,
                                new InstanceId("q".repeat(24)),
                                RESET),
                        "dev.snapfork.instance.forked.v1",
                        "I-3",
                        "{\"instance\":" + INSTANCE_JSON + ",\"source_instance_id\":\"qqqqqqqqqqqqqqqqqqqqqqqq\","
                                + RESET_JSON + "}"),
                Arguments.of(
                        new Event.InstanceChanged(
                                EventType.INSTANCE_DIED, NOW, null, INSTANCE, null, null, Particulars.NONE),
                        "dev.snapfork.instance.died.v1",
                        "I-3",
                        "{\"instance\":" + INSTANCE_JSON
                                + ",\"changed\":[\"state\",\"state_error\",\"started_at\",\"stopped_at\",\"has_snapshot\","
                                + "\"network\"]}"),
                Arguments.of(
                        new Event.HealthFound(
                                OPERATION,
                                Health.found(Health.Subject.SNAPSHOT, "s".repeat(24), 6, "disk is missing", NOW)),
                        "dev.snapfork.snapshot.damaged.v1",
                        "S/health-7",
                        "{\"health\":{\"subject\":\"snapshot\",\"id\":\"S\",\"state\":\"damaged\",\"checked_at\":"
                                + "\"2026-03-01T10:00:00Z\",\"error\":\"disk is missing\",\"version\":7}"
                                + FINDING_CHANGED + "}"),
                Arguments.of(
                        new Event.HealthFound(
                                null, Health.found(Health.Subject.INSTANCE, "i".repeat(24), 0, null, NOW)),
                        "dev.snapfork.instance.verified.v1",
                        "I/health-1",
                        "{\"health\":{\"subject\":\"instance\",\"id\":\"I\",\"state\":\"healthy\",\"checked_at\":"
                                + "\"2026-03-01T10:00:00Z\",\"version\":1}" + FINDING_CHANGED + "}"),
                Arguments.of(
                        new Event.ScheduleChanged(EventType.SCHEDULE_RUN_COMPLETED, NOW, OPERATION, SCHEDULE),
                        "dev.snapfork.schedule.run.completed.v1",
                        "S-3",
                        "{\"schedule\":" + SCHEDULE_JSON
                                + ",\"changed\":[\"next_run_at\",\"last_run_at\",\"last_snapshot_id\",\"last_error\","
                                + "\"updated_at\",\"runs\",\"current_operation_id\"]}"),
                Arguments.of(
                        new Event.OperationSettled(NOW, ENDED, "i".repeat(24), null, null, SCHEDULE),
                        "dev.snapfork.operation.rejected.v1",
                        "O-1",
                        "{\"operation\":" + OPERATION_JSON + ",\"near\":\"I\",\"schedule\":" + SCHEDULE_JSON + "}"),
                Arguments.of(
                        new Event.OperationSettled(NOW, ENDED.telling(RESET), "i".repeat(24), null, null),
                        "dev.snapfork.operation.rejected.v1",
                        "O-1",
                        "{\"operation\":" + OPERATION_JSON.substring(0, OPERATION_JSON.length() - 1) + "," + RESET_JSON
                                + "},\"near\":\"I\"}"),
                Arguments.of(
                        new Event.OperationSettled(NOW, ENDED, "i".repeat(24), null, null),
                        "dev.snapfork.operation.rejected.v1",
                        "O-1",
                        "{\"operation\":" + OPERATION_JSON + ",\"near\":\"I\"}"));
    }

    private static String shortened(String text) {
        return text.replace("s".repeat(24), "S").replace("i".repeat(24), "I").replace("o".repeat(24), "O");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void anEventHasItsFrozenFormAndIsReadBack(Event event, String type, String id, String json) {
        var attributes = EventCodec.attributes(event);
        var data = EventCodec.data(event);

        assertThat(attributes.type()).isEqualTo(type);
        assertThat(shortened(attributes.id())).isEqualTo(id);
        assertThat(attributes.subject()).isEqualTo(event.aggregateId());
        assertThat(attributes.extensions()).containsEntry("sequence", Long.toString(event.sequence()));
        assertThat(attributes.extensions().containsKey("causationid")).isEqualTo(event.operation() != null);
        assertThat(shortened(new String(data, StandardCharsets.UTF_8))).isEqualTo(json);
        assertThat(EventCodec.decode(attributes.headers(), data)).isEqualTo(event);
    }

    @Test
    void theNamesOfTheTypesAreFrozen() {
        assertThat(Arrays.stream(EventType.values()).map(EventType::wireName))
                .containsExactlyInAnyOrder(
                        "dev.snapfork.snapshot.created.v1",
                        "dev.snapfork.snapshot.adopted.v1",
                        "dev.snapfork.snapshot.compression.started.v1",
                        "dev.snapfork.snapshot.compression.completed.v1",
                        "dev.snapfork.snapshot.compression.failed.v1",
                        "dev.snapfork.snapshot.compression.cancelled.v1",
                        "dev.snapfork.snapshot.deleted.v1",
                        "dev.snapfork.snapshot.forked.v1",
                        "dev.snapfork.snapshot.restored.v1",
                        "dev.snapfork.instance.imported.v1",
                        "dev.snapfork.instance.adopted.v1",
                        "dev.snapfork.instance.created.v1",
                        "dev.snapfork.instance.started.v1",
                        "dev.snapfork.instance.stopped.v1",
                        "dev.snapfork.instance.standby.v1",
                        "dev.snapfork.instance.restored.v1",
                        "dev.snapfork.instance.forked.v1",
                        "dev.snapfork.instance.compressed.v1",
                        "dev.snapfork.instance.identified.v1",
                        "dev.snapfork.instance.died.v1",
                        "dev.snapfork.instance.deleted.v1",
                        "dev.snapfork.snapshot.damaged.v1",
                        "dev.snapfork.snapshot.verified.v1",
                        "dev.snapfork.instance.damaged.v1",
                        "dev.snapfork.instance.verified.v1",
                        "dev.snapfork.schedule.set.v1",
                        "dev.snapfork.schedule.run.started.v1",
                        "dev.snapfork.schedule.run.completed.v1",
                        "dev.snapfork.schedule.run.failed.v1",
                        "dev.snapfork.schedule.orphaned.v1",
                        "dev.snapfork.schedule.deleted.v1",
                        "dev.snapfork.operation.succeeded.v1",
                        "dev.snapfork.operation.rejected.v1",
                        "dev.snapfork.operation.failed.v1",
                        "dev.snapfork.operation.cancelled.v1");
    }

    @Test
    void whatCannotBeReadSaysSo() {
        var event = new Event.SnapshotChanged(EventType.SNAPSHOT_CREATED, NOW, OPERATION, SNAPSHOT);
        var headers = EventCodec.attributes(event).headers();

        for (var incomplete : new String[] {"{}", "{\"snapshot\":null}", "{\"snapshot\":{\"version\":1}}"}) {
            assertThatThrownBy(() -> EventCodec.decode(headers, incomplete.getBytes(StandardCharsets.UTF_8)))
                    .as(incomplete)
                    .isInstanceOf(UnreadableRecordException.class);
        }
        assertThatThrownBy(() -> EventCodec.decode(headers, new byte[] {'['}))
                .isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> EventCodec.decode(new RecordHeaders(), EventCodec.data(event)))
                .isInstanceOf(UnreadableRecordException.class);
    }
}
