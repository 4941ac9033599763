package dev.snapfork.command;

import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.instance.SnapshotPolicy;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SchedulePlan;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the workers. A command carries the ids of what it will create, so that a command that comes twice
 * creates once. Commands of one {@link #key} are handled in order, one at a time.
 */
public sealed interface Command {
    OperationKind kind();

    String key();

    default @Nullable SnapshotId snapshot() {
        return null;
    }

    default @Nullable InstanceId instance() {
        return null;
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

        @Override
        public String key() {
            return instance.value();
        }
    }

    /** Remove an instance; its snapshots stay. */
    record DeleteInstance(InstanceId instance) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.DELETE_INSTANCE;
        }

        @Override
        public String key() {
            return instance.value();
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

        @Override
        public String key() {
            return instance.value();
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

        @Override
        public String key() {
            return instance.value();
        }
    }

    /**
     * Make a new instance from a snapshot.
     *
     * @param instance the new one; also the key, so that many forks of one snapshot spread over all workers
     */
    record ForkSnapshot(
            SnapshotId snapshot,
            InstanceId instance,
            String name,
            @Nullable TargetState targetState,
            @Nullable Hypervisor targetHypervisor)
            implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.FORK_SNAPSHOT;
        }

        @Override
        public String key() {
            return instance.value();
        }
    }

    /** Compress a snapshot's memory, or compress it anew in another way. */
    record CompressSnapshot(SnapshotId snapshot, CompressionConfig compression) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.COMPRESS_SNAPSHOT;
        }

        @Override
        public String key() {
            return snapshot.value();
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

        @Override
        public String key() {
            return snapshot.value();
        }
    }

    /** Remove a snapshot; its source and its forks stay. */
    record DeleteSnapshot(SnapshotId snapshot) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.DELETE_SNAPSHOT;
        }

        @Override
        public String key() {
            return snapshot.value();
        }
    }

    /** Give an instance a snapshot schedule, or change the one that it has. */
    record SetSchedule(InstanceId instance, SchedulePlan plan) implements Command {
        @Override
        public OperationKind kind() {
            return OperationKind.SET_SCHEDULE;
        }

        @Override
        public String key() {
            return instance.value();
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

        @Override
        public String key() {
            return instance.value();
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

        @Override
        public String key() {
            return instance.value();
        }
    }
}
