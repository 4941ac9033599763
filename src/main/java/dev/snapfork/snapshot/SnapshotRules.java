package dev.snapfork.snapshot;

import static dev.snapfork.operation.Refusal.conflict;
import static dev.snapfork.operation.Refusal.invalidRequest;
import static dev.snapfork.operation.Refusal.invalidState;
import static dev.snapfork.operation.Refusal.notSupported;

import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What may be done with snapshots: pure functions of the state they are given. Empty means allowed. */
public final class SnapshotRules {
    private SnapshotRules() {}

    /** Whether a snapshot of this kind can be taken of the instance as it is. */
    public static Optional<Refusal> create(Instance source, SnapshotKind kind) {
        var state = source.state();
        var allowed =
                switch (kind) {
                    case STANDBY -> state == InstanceState.RUNNING || state == InstanceState.STANDBY;
                    case STOPPED -> state == InstanceState.STOPPED;
                };
        if (!allowed) {
            return Optional.of(conflict(
                    switch (kind) {
                        case STANDBY -> "standby snapshot requires source in Running or Standby, got " + state.text();
                        case STOPPED -> "stopped snapshot requires source in Stopped, got " + state.text();
                    }));
        }
        return source.volumes().stream()
                .filter(volume -> !volume.readonly())
                .findFirst()
                .map(volume -> notSupported("snapshot requires read-only volumes, but volume " + volume.volumeId()
                        + " is writable: detach it or attach it read-only"));
    }

    /** Whether a request may ask for this compression of a snapshot of this kind. */
    public static Optional<Refusal> explicitCompression(SnapshotKind kind, @Nullable CompressionConfig requested) {
        if (requested == null) {
            return Optional.empty();
        }
        if (requested.problem().isPresent()) {
            return requested.problem().map(SnapshotRules::badCompression);
        }
        return kind == SnapshotKind.STOPPED && requested.enabled()
                ? Optional.of(badCompression("compression applies to the memory of Standby snapshots, "
                        + "a Stopped snapshot has none: leave compression out"))
                : Optional.empty();
    }

    private static Refusal badCompression(String message) {
        return new Refusal(RefusalCode.INVALID_SNAPSHOT_COMPRESSION, message);
    }

    /**
     * The compression in force for a new snapshot: the first that is given of request, instance's policy and server's default;
     * one that says disabled ends the search. Never any for a Stopped snapshot or for vz, whose machine state is opaque.
     */
    public static Optional<CompressionConfig> effectiveCompression(
            SnapshotKind kind,
            Instance source,
            @Nullable CompressionConfig requested,
            @Nullable CompressionConfig serverDefault) {
        if (kind == SnapshotKind.STOPPED || source.hypervisor() == Hypervisor.VZ) {
            return Optional.empty();
        }
        var policy = source.snapshotPolicy();
        var first = requested != null
                ? requested
                : policy != null && policy.compression() != null ? policy.compression() : serverDefault;
        return Optional.ofNullable(first).filter(CompressionConfig::enabled).map(CompressionConfig::resolved);
    }

    /** Whether the snapshot's memory can be compressed at all. */
    public static Optional<Refusal> compress(Snapshot snapshot) {
        if (snapshot.kind() == SnapshotKind.STOPPED) {
            return Optional.of(
                    badCompression("snapshot " + snapshot.id() + " is Stopped and has no memory to compress"));
        }
        return snapshot.sourceHypervisor() == Hypervisor.VZ
                ? Optional.of(badCompression("the machine state of vz snapshots is never compressed"))
                : Optional.empty();
    }

    /** The state that a fork or restore ends in when the request names none. */
    public static TargetState defaultTarget(SnapshotKind kind) {
        return switch (kind) {
            case STANDBY -> TargetState.RUNNING;
            case STOPPED -> TargetState.STOPPED;
        };
    }

    /**
     * Whether a fork or restore may end in this state on this hypervisor.
     *
     * @param offered whether machines of a hypervisor can be run
     */
    public static Optional<Refusal> target(
            Snapshot snapshot, TargetState target, @Nullable Hypervisor hypervisor, Predicate<Hypervisor> offered) {
        return switch (snapshot.kind()) {
            case STANDBY -> standbyTarget(snapshot, target, hypervisor, offered);
            case STOPPED -> stoppedTarget(snapshot, target, hypervisor, offered);
        };
    }

    private static Optional<Refusal> standbyTarget(
            Snapshot snapshot, TargetState target, @Nullable Hypervisor hypervisor, Predicate<Hypervisor> offered) {
        if (hypervisor != null) {
            return Optional.of(invalidRequest(
                    "target_hypervisor is allowed for Stopped snapshots only: leave it out, a Standby snapshot goes on with "
                            + snapshot.sourceHypervisor().text()));
        }
        if (snapshot.sourceHypervisor() == Hypervisor.VZ && target != TargetState.STOPPED) {
            return Optional.of(notSupported(
                    "a vz snapshot in Standby goes on under macOS only; target_state Stopped keeps its disks"));
        }
        return running(target, snapshot.sourceHypervisor(), offered);
    }

    private static Optional<Refusal> stoppedTarget(
            Snapshot snapshot, TargetState target, @Nullable Hypervisor hypervisor, Predicate<Hypervisor> offered) {
        if (target == TargetState.STANDBY) {
            return Optional.of(invalidRequest(
                    "a Stopped snapshot has no memory: target_state must be Stopped or Running, got Standby"));
        }
        if (hypervisor != null && hypervisor != snapshot.sourceHypervisor() && !offered.test(hypervisor)) {
            return Optional.of(invalidRequest("target_hypervisor " + hypervisor.text()
                    + " is not offered by any worker for a snapshot of "
                    + snapshot.sourceHypervisor().text()));
        }
        return running(target, hypervisor == null ? snapshot.sourceHypervisor() : hypervisor, offered);
    }

    private static Optional<Refusal> running(TargetState target, Hypervisor hypervisor, Predicate<Hypervisor> offered) {
        return target == TargetState.RUNNING && !offered.test(hypervisor)
                ? Optional.of(notSupported("no worker runs " + hypervisor.text()
                        + " machines: choose target_state Stopped, or Standby for a Standby snapshot"))
                : Optional.empty();
    }

    /** Whether the snapshot may replace this instance. */
    public static Optional<Refusal> restore(Snapshot snapshot, Instance instance) {
        if (!snapshot.sourceInstanceId().equals(instance.id())) {
            return Optional.of(invalidRequest(
                    "snapshot " + snapshot.id() + " belongs to instance " + snapshot.sourceInstanceId()));
        }
        return switch (instance.state()) {
            case STOPPED, STANDBY -> Optional.empty();
            case CREATED, INITIALIZING, RUNNING, PAUSED, SHUTDOWN, UNKNOWN ->
                Optional.of(invalidState("restore requires the instance in Stopped or Standby, got "
                        + instance.state().text()));
        };
    }
}
