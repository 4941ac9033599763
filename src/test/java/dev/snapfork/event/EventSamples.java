package dev.snapfork.event;

import dev.snapfork.health.Health;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Particulars;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An event of each type that says everything that one of its type may say. */
final class EventSamples {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final OperationId OPERATION = new OperationId("o".repeat(24));
    private static final SnapshotId S = new SnapshotId("s".repeat(24));
    private static final InstanceId I = new InstanceId("i".repeat(24));
    private static final Particulars ALL =
            new Particulars(12L, new IdentityReset(List.of("mac", "hostname"), Map.of("entropy", "no agent")));

    private static final Snapshot SNAPSHOT = read(Snapshot.class, """
            {"id":"ssssssssssssssssssssssss","name":"n","kind":"Standby","tags":{"k":"v"},
             "source_instance_id":"iiiiiiiiiiiiiiiiiiiiiiii","source_instance_name":"vm","source_hypervisor":"qemu",
             "created_at":"2026-03-01T10:00:00.123456Z","size_bytes":5,"compression_state":"error",
             "compression_error":"no space","compression":{"enabled":true,"algorithm":"lz4","level":9},
             "compressed_size_bytes":3,"uncompressed_size_bytes":4,"version":2}""");
    private static final Instance INSTANCE = read(Instance.class, """
            {"id":"iiiiiiiiiiiiiiiiiiiiiiii","name":"vm","image":"alpine:3","platform":"linux/amd64","state":"Stopped",
             "state_error":"died","size":"1GB","hotplug_size":"2GB","overlay_size":"10GB","vcpus":2,"env":{"A":"b"},
             "tags":{"k":"v"},"network":{"enabled":true,"name":"default","ip":"10.0.0.5","mac":"02:00:00:ab:cd:ef"},
             "volumes":[{"volume_id":"v","mount_path":"/mnt","readonly":true,"overlay":true,"overlay_size":"1GB"}],
             "created_at":"2026-03-01T10:00:00Z","expires_at":"2026-03-02T10:00:00Z",
             "started_at":"2026-03-01T10:00:01Z","stopped_at":"2026-03-01T10:00:02Z","has_snapshot":true,
             "hypervisor":"cloud-hypervisor",
             "snapshot_policy":{"compression":{"enabled":true,"algorithm":"zstd","level":3},
             "standby_compression_delay":"30s"},"version":3}""");
    private static final SnapshotSchedule SCHEDULE = read(SnapshotSchedule.class, """
            {"id":"cccccccccccccccccccccccc","instance_id":"iiiiiiiiiiiiiiiiiiiiiiii","interval":"1h","name_prefix":"p",
             "metadata":{"k":"v"},"retention":{"max_count":7,"max_age":"168h"},"next_run_at":"2026-03-01T11:00:00Z",
             "last_run_at":"2026-03-01T10:00:00Z","last_snapshot_id":"ssssssssssssssssssssssss","last_error":"why",
             "created_at":"2026-03-01T09:00:00Z","updated_at":"2026-03-01T09:30:00Z","runs":4,
             "current_operation_id":"oooooooooooooooooooooooo","orphaned":true,"version":9}""");

    private EventSamples() {}

    static Event of(EventType type) {
        return switch (type.aggregate()) {
            case SNAPSHOT ->
                new Event.SnapshotChanged(type, NOW, OPERATION, SNAPSHOT, new Particulars(ALL.pauseMs(), null));
            case INSTANCE ->
                new Event.InstanceChanged(type, NOW, OPERATION, INSTANCE, S, new InstanceId("q".repeat(24)), ALL);
            case SCHEDULE -> new Event.ScheduleChanged(type, NOW, OPERATION, SCHEDULE);
            case HEALTH -> {
                var isSnapshot = type == EventType.SNAPSHOT_DAMAGED || type == EventType.SNAPSHOT_VERIFIED;
                var isDamaged = type == EventType.SNAPSHOT_DAMAGED || type == EventType.INSTANCE_DAMAGED;
                yield new Event.HealthFound(
                        OPERATION,
                        Health.found(
                                isSnapshot ? Health.Subject.SNAPSHOT : Health.Subject.INSTANCE,
                                isSnapshot ? S.value() : I.value(),
                                6,
                                isDamaged ? "disk is missing" : null,
                                NOW));
            }
            case OPERATION -> {
                var status = type.wireName().split("\\.", -1)[3];
                var operation = read(Operation.class, """
                        {"id":"oooooooooooooooooooooooo","kind":"snapshot.fork","status":"%s",
                         "snapshot_id":"ssssssssssssssssssssssss","instance_id":"iiiiiiiiiiiiiiiiiiiiiiii",
                         "created_at":"2026-03-01T10:00:00Z","started_at":"2026-03-01T10:00:01Z",
                         "finished_at":"2026-03-01T10:00:02Z",
                         "progress":{"bytes_done":1,"bytes_total":2,"bytes_per_second":3},
                         "error":{"code":"conflict","message":"taken"},"pause_ms":12,
                         "identity":{"reset":["mac"],"not_reset":{"entropy":"no agent"}}}""".formatted(status));
                yield new Event.OperationSettled(NOW, operation, I.value(), SNAPSHOT, INSTANCE, SCHEDULE);
            }
        };
    }

    private static <T> T read(Class<T> type, String json) {
        return Objects.requireNonNull(WireJson.read(json.getBytes(StandardCharsets.UTF_8), type));
    }
}
