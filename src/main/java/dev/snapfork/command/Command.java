package dev.snapfork.command;

import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.IdentityWish;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.RequestedMachine;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SchedulePlan;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the workers. A command carries the ids of what it will create, so that a command that comes twice
 * creates once. Commands of one {@link #key} are handled in order, one at a time.
 */
public sealed interface Command {
    OperationKind kind();

    default @Nullable SnapshotId snapshot() {
        return null;
    }

    default @Nullable InstanceId instance() {
        return null;
    }

    /** The instance, if it is about one; else the snapshot. */
    default String key() {
        var instance = instance();
        return instance != null
                ? instance.value()
                : Objects.requireNonNull(snapshot()).value();
    }

    /** Adopt a directory below {@code import/} as an instance, by rename. */
    record ImportInstance(
            InstanceId instance,
            String name,
            Hypervisor hypervisor,
            InstanceState state,
            String directory,
            Map<String, String> tags,
            @Nullable SnapshotPolicy snapshotPolicy)
            implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.IMPORT_INSTANCE;
        }
    }

    /** Remove an instance; its snapshots stay. */
    record DeleteInstance(InstanceId instance) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.DELETE_INSTANCE;
        }
    }

    /** Make an instance of an image, and boot it. */
    record CreateInstance(InstanceId instance, String name, RequestedMachine machine) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.CREATE_INSTANCE;
        }
    }

    /** Boot a stopped instance. */
    record StartInstance(InstanceId instance) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.START_INSTANCE;
        }
    }

    /** Shut a running instance down. */
    record StopInstance(InstanceId instance) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.STOP_INSTANCE;
        }
    }

    /**
     * Save a running instance and end its machine.
     *
     * @param compression of the saved memory; null for what the instance's policy or the service says
     * @param compressionDelay before compressing begins; null for what the policy says
     */
    record StandbyInstance(
            InstanceId instance,
            @Nullable CompressionConfig compression,
            @Nullable GoDuration compressionDelay) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.STANDBY_INSTANCE;
        }
    }

    /** Let an instance in standby go on. */
    record RestoreInstance(InstanceId instance) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.RESTORE_INSTANCE;
        }
    }

    /**
     * Make a new instance of another.
     *
     * @param source also the key: it may have to stand still for a moment, which nothing else may ask of it meanwhile
     * @param instance the new one
     * @param fromRunning whether the source may run
     * @param targetState null for the source's own
     */
    record ForkInstance(
            InstanceId source,
            InstanceId instance,
            String name,
            boolean fromRunning,
            @Nullable TargetState targetState,
            @Nullable IdentityWish identity)
            implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.FORK_INSTANCE;
        }

        @Override
        public String key() {
            return source.value();
        }
    }

    /**
     * Compress the memory of an instance in standby.
     *
     * @param standby the instance's version when it was put in standby: if it is another by now, nothing is to be done
     */
    record CompressStandby(InstanceId instance, long standby, CompressionConfig compression) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.COMPRESS_STANDBY;
        }
    }

    /** Capture an instance. */
    record CreateSnapshot(
            SnapshotId snapshot,
            InstanceId instance,
            SnapshotKind snapshotKind,
            @Nullable String name,
            Map<String, String> tags,
            @Nullable CompressionConfig compression)
            implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.CREATE_SNAPSHOT;
        }
    }

    /** Put a snapshot back in place of its source instance. */
    record RestoreSnapshot(
            InstanceId instance,
            SnapshotId snapshot,
            @Nullable TargetState targetState,
            @Nullable Hypervisor targetHypervisor)
            implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.RESTORE_SNAPSHOT;
        }
    }

    /**
     * Make a new instance from a snapshot.
     *
     * @param instance the new one; also the key, so that many forks of one snapshot spread over all workers
     * @param identity null is optional
     */
    record ForkSnapshot(
            SnapshotId snapshot,
            InstanceId instance,
            String name,
            @Nullable TargetState targetState,
            @Nullable Hypervisor targetHypervisor,
            @Nullable IdentityWish identity)
            implements Command {
        /** With nothing said of its identity. */
        public ForkSnapshot(
                SnapshotId snapshot,
                InstanceId instance,
                String name,
                @Nullable TargetState targetState,
                @Nullable Hypervisor targetHypervisor) {
            this(snapshot, instance, name, targetState, targetHypervisor, null);
        }

        @Override
        public OperationKind kind() {
            return OperationKind.FORK_SNAPSHOT;
        }
    }

    /** Compress a snapshot's memory, or compress it anew in another way. */
    record CompressSnapshot(SnapshotId snapshot, CompressionConfig compression) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.COMPRESS_SNAPSHOT;
        }
    }

    /**
     * Read all of a snapshot's files and compare them with what was captured.
     *
     * @param scheduled whether nobody waits for it, so that it is held back
     */
    record VerifySnapshot(SnapshotId snapshot, boolean scheduled) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.VERIFY_SNAPSHOT;
        }
    }

    /** Remove a snapshot; its source and its forks stay. */
    record DeleteSnapshot(SnapshotId snapshot) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.DELETE_SNAPSHOT;
        }
    }

    /** Give an instance a snapshot schedule, or change the one that it has. */
    record SetSchedule(InstanceId instance, SchedulePlan plan) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.SET_SCHEDULE;
        }
    }

    /**
     * Remove a snapshot schedule; what it made stays.
     *
     * @param orphan whether it is to be removed only if its instance is gone
     */
    record DeleteSchedule(ScheduleId schedule, InstanceId instance, boolean orphan) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.DELETE_SCHEDULE;
        }
    }

    /**
     * Take the snapshot that is due by a schedule.
     *
     * @param run counts the schedule's runs from 1
     * @param due when the schedule wanted it; both are compared with the schedule, so that no run is done twice
     * @param missed why an earlier command for this run ended without it having begun: only that is noted; null for the first
     */
    record RunSchedule(
            ScheduleId schedule,
            InstanceId instance,
            SnapshotId snapshot,
            long run,
            Instant due,
            @Nullable String missed)
            implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.RUN_SCHEDULE;
        }
    }
}
