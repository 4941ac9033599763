package dev.snapfork.contract;

import dev.snapfork.health.HealthState;
import dev.snapfork.instance.ByteSize;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.Network;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.instance.Volume;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.IdentityReset;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Particulars;
import dev.snapfork.operation.Progress;
import dev.snapfork.operation.Refusal;
import dev.snapfork.platform.ApiError;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Bodies as the service writes them, with every field they can have and with as few as they can have. */
final class Bodies {
    private static final Instant TIME = Instant.parse("2026-03-01T00:00:00Z");
    private static final String ID = "a".repeat(24);
    private static final CompressionConfig ZSTD = CompressionConfig.of(CompressionAlgorithm.ZSTD, 3);

    static final String FULL_SNAPSHOT = WireJson.text(new Snapshot(
            new SnapshotId(ID),
            "name",
            SnapshotKind.STANDBY,
            Map.of("team", "x"),
            new InstanceId(ID),
            "source",
            Hypervisor.QEMU,
            TIME,
            5,
            CompressionState.ERROR,
            "disk full",
            ZSTD,
            3L,
            4L,
            3,
            HealthState.DAMAGED,
            TIME,
            "memory-ranges is missing"));

    static final String SMALL_SNAPSHOT = WireJson.text(new Snapshot(
            new SnapshotId(ID),
            null,
            SnapshotKind.STOPPED,
            Map.of(),
            new InstanceId(ID),
            "source",
            Hypervisor.VZ,
            TIME,
            0,
            CompressionState.NONE,
            null,
            null,
            null,
            null,
            1));

    static final String FULL_INSTANCE = WireJson.text(new Instance(
            new InstanceId(ID),
            "name",
            "img",
            "linux/amd64",
            InstanceState.STANDBY,
            "why",
            ByteSize.parse("2GB"),
            ByteSize.parse("1GB"),
            ByteSize.parse("10GB"),
            2,
            Map.of("A", "b"),
            Map.of("team", "x"),
            new Network(true, "default", "10.0.0.2", "02:00:00:00:00:01"),
            List.of(new Volume("v", "/mnt", true, true, ByteSize.parse("1GB"))),
            TIME,
            null,
            TIME,
            TIME,
            true,
            Hypervisor.CLOUD_HYPERVISOR,
            new SnapshotPolicy(ZSTD, GoDuration.parse("30s")),
            7));

    static final String SMALL_INSTANCE = WireJson.text(new Instance(
            new InstanceId(ID),
            "name",
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
            TIME,
            TIME,
            null,
            null,
            false,
            Hypervisor.FIRECRACKER,
            null,
            1));

    static final String FULL_OPERATION =
            WireJson.text(Operation.accepted(new OperationId(ID), OperationKind.CREATE_SNAPSHOT, ID, ID, TIME)
                    .running(TIME, new Progress(1, 2, 3))
                    .settled(OperationStatus.FAILED, TIME, TIME, new Progress(1, 2, 3), Refusal.conflict("taken")));

    static final String SMALL_OPERATION =
            WireJson.text(Operation.accepted(new OperationId(ID), OperationKind.IMPORT_INSTANCE, null, null, TIME));

    static final String TELLING_OPERATION = WireJson.text(Operation.accepted(
                    new OperationId(ID), OperationKind.FORK_INSTANCE, null, ID, TIME)
            .settled(OperationStatus.SUCCEEDED, TIME, TIME, null, null)
            .telling(new Particulars(
                    12L, new IdentityReset(List.of("mac", "hostname"), Map.of("clock", "the guest has no agent")))));

    static final String WAITED = "{\"state\":\"Stopped\",\"state_error\":\"the machine died\",\"timed_out\":true}";

    static final String ERROR =
            WireJson.text(new ApiError("Bad Request", "m", List.of(new ApiError.Detail("name", "name is required"))));

    private Bodies() {}
}
