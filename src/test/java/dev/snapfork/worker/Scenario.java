package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.CompressionConfig;
import dev.snapfork.instance.GoDuration;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.InstanceId;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SchedulePlan;
import dev.snapfork.snapshot.ScheduleRetention;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.SnapshotSchedule;
import dev.snapfork.snapshot.TargetState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command of each kind, with the commands before it that make what it is about. */
enum Scenario {
    IMPORT,
    CREATE_STANDBY,
    CREATE_COMPRESSED,
    CREATE_STOPPED,
    COMPRESS,
    COMPRESS_ANEW,
    COMPRESS_OTHERWISE,
    FORK_RAW,
    FORK_COMPRESSED,
    FORK_STOPPED,
    RESTORE_RAW,
    RESTORE_COMPRESSED,
    DELETE_SNAPSHOT,
    DELETE_INSTANCE,
    SET_SCHEDULE,
    CHANGE_SCHEDULE,
    DELETE_SCHEDULE,
    RUN_SCHEDULE;

    /** In standby, with memory. */
    static final InstanceId MACHINE = new InstanceId("machine".repeat(4).substring(0, 24));
    /** Stopped, with a disk alone. */
    static final InstanceId STOPPED_MACHINE = new InstanceId("stopped".repeat(4).substring(0, 24));

    static final InstanceId NEW_INSTANCE = new InstanceId("newinst".repeat(4).substring(0, 24));
    static final SnapshotId SNAPSHOT = new SnapshotId("snapsht".repeat(4).substring(0, 24));
    static final SnapshotId NEW_SNAPSHOT = new SnapshotId("newsnap".repeat(4).substring(0, 24));
    static final String STANDBY_DIRECTORY = "standby";
    static final String STOPPED_DIRECTORY = "stopped";
    static final String NEW_DIRECTORY = "new";
    static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    /** What the command before sets. */
    static final ScheduleId SCHEDULE = new ScheduleId(Cuid.derived(id("beforeb") + "/schedule"));

    static final Instant DUE =
            SnapshotSchedule.first(SCHEDULE, MACHINE, plan("1h"), NOW).nextRunAt();
    private static final CompressionConfig ZSTD = CompressionConfig.of(CompressionAlgorithm.ZSTD, 1);

    /** What is there before the command comes. */
    List<CommandEnvelope> before() {
        var commands = new ArrayList<Command>();
        commands.add(imported(MACHINE, "machine", STANDBY_DIRECTORY, InstanceState.STANDBY));
        switch (this) {
            case IMPORT, CREATE_STANDBY, CREATE_COMPRESSED, DELETE_INSTANCE, SET_SCHEDULE -> {}
            case CHANGE_SCHEDULE, DELETE_SCHEDULE, RUN_SCHEDULE -> commands.add(schedule("1h"));
            case CREATE_STOPPED ->
                commands.add(imported(STOPPED_MACHINE, "stopped", STOPPED_DIRECTORY, InstanceState.STOPPED));
            case COMPRESS, FORK_RAW, FORK_STOPPED, RESTORE_RAW, DELETE_SNAPSHOT ->
                commands.add(snapshot(SNAPSHOT, null));
            case COMPRESS_ANEW, COMPRESS_OTHERWISE, FORK_COMPRESSED, RESTORE_COMPRESSED -> {
                commands.add(snapshot(SNAPSHOT, null));
                commands.add(new Command.CompressSnapshot(SNAPSHOT, ZSTD));
            }
        }
        var envelopes = new ArrayList<CommandEnvelope>();
        for (var i = 0; i < commands.size(); i++) {
            envelopes.add(envelope("before" + (char) ('a' + i), commands.get(i)));
        }
        return envelopes;
    }

    /** The command that things happen to. */
    CommandEnvelope command() {
        return envelope(
                "subject",
                switch (this) {
                    case IMPORT -> imported(NEW_INSTANCE, "new", NEW_DIRECTORY, InstanceState.STANDBY);
                    case CREATE_STANDBY -> snapshot(NEW_SNAPSHOT, null);
                    case CREATE_COMPRESSED -> snapshot(NEW_SNAPSHOT, ZSTD);
                    case CREATE_STOPPED ->
                        new Command.CreateSnapshot(
                                NEW_SNAPSHOT, STOPPED_MACHINE, SnapshotKind.STOPPED, "nightly", Map.of(), null);
                    case COMPRESS -> new Command.CompressSnapshot(SNAPSHOT, ZSTD);
                    case COMPRESS_ANEW ->
                        new Command.CompressSnapshot(SNAPSHOT, CompressionConfig.of(CompressionAlgorithm.ZSTD, 2));
                    case COMPRESS_OTHERWISE ->
                        new Command.CompressSnapshot(SNAPSHOT, CompressionConfig.of(CompressionAlgorithm.LZ4, 0));
                    case FORK_RAW, FORK_COMPRESSED -> fork(TargetState.STANDBY);
                    case FORK_STOPPED -> fork(TargetState.STOPPED);
                    case RESTORE_RAW, RESTORE_COMPRESSED ->
                        new Command.RestoreSnapshot(MACHINE, SNAPSHOT, TargetState.STANDBY, null);
                    case DELETE_SNAPSHOT -> new Command.DeleteSnapshot(SNAPSHOT);
                    case DELETE_INSTANCE -> new Command.DeleteInstance(MACHINE);
                    case SET_SCHEDULE -> schedule("1h");
                    case CHANGE_SCHEDULE -> schedule("2h");
                    case DELETE_SCHEDULE -> new Command.DeleteSchedule(SCHEDULE, MACHINE, false);
                    case RUN_SCHEDULE -> new Command.RunSchedule(SCHEDULE, MACHINE, NEW_SNAPSHOT, 1, DUE, null);
                });
    }

    private static CommandEnvelope envelope(String id, Command command) {
        return new CommandEnvelope(id(id), NOW, command);
    }

    private static OperationId id(String id) {
        return new OperationId((id + "o".repeat(24)).substring(0, 24));
    }

    private static Command imported(InstanceId id, String name, String directory, InstanceState state) {
        return new Command.ImportInstance(id, name, Hypervisor.QEMU, state, directory, Map.of(), null);
    }

    private static Command snapshot(SnapshotId id, @Nullable CompressionConfig compression) {
        return new Command.CreateSnapshot(
                id, MACHINE, SnapshotKind.STANDBY, id.equals(SNAPSHOT) ? "first" : "nightly", Map.of(), compression);
    }

    private static Command schedule(String interval) {
        return new Command.SetSchedule(MACHINE, plan(interval));
    }

    private static SchedulePlan plan(String interval) {
        return new SchedulePlan(GoDuration.parse(interval), "nightly", Map.of(), new ScheduleRetention(3L, null));
    }

    private static Command fork(TargetState target) {
        return new Command.ForkSnapshot(SNAPSHOT, NEW_INSTANCE, "new", target, null);
    }
}
