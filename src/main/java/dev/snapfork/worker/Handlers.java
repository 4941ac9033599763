package dev.snapfork.worker;

import dev.snapfork.command.Command;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/** Which handler does which command. */
@ApplicationScoped
class Handlers {
    private final ImportInstanceHandler importInstance;
    private final DeleteInstanceHandler deleteInstance;
    private final CreateSnapshotHandler createSnapshot;
    private final RestoreSnapshotHandler restoreSnapshot;
    private final ForkSnapshotHandler forkSnapshot;
    private final CompressSnapshotHandler compressSnapshot;
    private final DeleteSnapshotHandler deleteSnapshot;
    private final VerifySnapshotHandler verifySnapshot;
    private final ScheduleHandler schedule;
    private final RunScheduleHandler runSchedule;
    private final CreateInstanceHandler createInstance;
    private final StartInstanceHandler startInstance;
    private final StopInstanceHandler stopInstance;
    private final StandbyInstanceHandler standbyInstance;
    private final RestoreInstanceHandler restoreInstance;
    private final ForkInstanceHandler forkInstance;
    private final CompressStandbyHandler compressStandby;

    Handlers(
            ImportInstanceHandler importInstance,
            DeleteInstanceHandler deleteInstance,
            CreateSnapshotHandler createSnapshot,
            RestoreSnapshotHandler restoreSnapshot,
            ForkSnapshotHandler forkSnapshot,
            CompressSnapshotHandler compressSnapshot,
            DeleteSnapshotHandler deleteSnapshot,
            VerifySnapshotHandler verifySnapshot,
            ScheduleHandler schedule,
            RunScheduleHandler runSchedule,
            CreateInstanceHandler createInstance,
            StartInstanceHandler startInstance,
            StopInstanceHandler stopInstance,
            StandbyInstanceHandler standbyInstance,
            RestoreInstanceHandler restoreInstance,
            ForkInstanceHandler forkInstance,
            CompressStandbyHandler compressStandby) {
        this.importInstance = importInstance;
        this.deleteInstance = deleteInstance;
        this.createSnapshot = createSnapshot;
        this.restoreSnapshot = restoreSnapshot;
        this.forkSnapshot = forkSnapshot;
        this.compressSnapshot = compressSnapshot;
        this.deleteSnapshot = deleteSnapshot;
        this.verifySnapshot = verifySnapshot;
        this.schedule = schedule;
        this.runSchedule = runSchedule;
        this.createInstance = createInstance;
        this.startInstance = startInstance;
        this.stopInstance = stopInstance;
        this.standbyInstance = standbyInstance;
        this.restoreInstance = restoreInstance;
        this.forkInstance = forkInstance;
        this.compressStandby = compressStandby;
    }

    Outcome handle(Command command, Work work) throws IOException, InterruptedException {
        return switch (command) {
            case Command.ImportInstance c -> importInstance.handle(c, work);
            case Command.DeleteInstance c -> deleteInstance.handle(c, work);
            case Command.CreateInstance c -> createInstance.handle(c, work);
            case Command.StartInstance c -> startInstance.handle(c, work);
            case Command.StopInstance c -> stopInstance.handle(c, work);
            case Command.StandbyInstance c -> standbyInstance.handle(c, work);
            case Command.RestoreInstance c -> restoreInstance.handle(c, work);
            case Command.ForkInstance c -> forkInstance.handle(c, work);
            case Command.CompressStandby c -> compressStandby.handle(c, work);
            case Command.CreateSnapshot c -> createSnapshot.handle(c, work);
            case Command.RestoreSnapshot c -> restoreSnapshot.handle(c, work);
            case Command.ForkSnapshot c -> forkSnapshot.handle(c, work);
            case Command.CompressSnapshot c -> compressSnapshot.handle(c, work);
            case Command.DeleteSnapshot c -> deleteSnapshot.handle(c, work);
            case Command.VerifySnapshot c -> verifySnapshot.handle(c, work);
            case Command.SetSchedule c -> schedule.set(c, work);
            case Command.DeleteSchedule c -> schedule.delete(c, work);
            case Command.RunSchedule c -> runSchedule.handle(c, work);
        };
    }

    Outcome giveUp(Command command, Outcome why, Work work) throws IOException {
        return switch (command) {
            case Command.ImportInstance c -> importInstance.giveUp(c, why, work);
            case Command.DeleteInstance c -> deleteInstance.giveUp(c, why, work);
            case Command.CreateInstance c -> createInstance.giveUp(c, why, work);
            case Command.StartInstance c -> startInstance.giveUp(c, why, work);
            case Command.StopInstance c -> stopInstance.giveUp(c, why, work);
            case Command.StandbyInstance c -> standbyInstance.giveUp(c, why, work);
            case Command.RestoreInstance c -> restoreInstance.giveUp(c, why, work);
            case Command.ForkInstance c -> forkInstance.giveUp(c, why, work);
            case Command.CompressStandby c -> compressStandby.giveUp(c, why, work);
            case Command.CreateSnapshot c -> createSnapshot.giveUp(c, why, work);
            case Command.RestoreSnapshot c -> restoreSnapshot.giveUp(c, why, work);
            case Command.ForkSnapshot c -> forkSnapshot.giveUp(c, why, work);
            case Command.CompressSnapshot c -> compressSnapshot.giveUp(c, why, work);
            case Command.DeleteSnapshot c -> deleteSnapshot.giveUp(c, why, work);
            case Command.VerifySnapshot c -> verifySnapshot.giveUp(c, why, work);
            case Command.SetSchedule c -> schedule.giveUp(c, why, work);
            case Command.DeleteSchedule c -> schedule.giveUp(c, why, work);
            case Command.RunSchedule c -> runSchedule.giveUp(c, why, work);
        };
    }

    /** Whether the command makes something, in a place in staging that is taken from earlier attempts before it decides. */
    static boolean needsPlace(Command command) {
        return switch (command) {
            case Command.ImportInstance c -> true;
            case Command.CreateInstance c -> true;
            case Command.StartInstance c -> true;
            case Command.StopInstance c -> true;
            case Command.StandbyInstance c -> true;
            case Command.RestoreInstance c -> true;
            case Command.ForkInstance c -> true;
            case Command.CompressStandby c -> true;
            case Command.CreateSnapshot c -> true;
            case Command.RestoreSnapshot c -> true;
            case Command.ForkSnapshot c -> true;
            case Command.CompressSnapshot c -> true;
            case Command.SetSchedule c -> true;
            case Command.DeleteSchedule c -> true;
            case Command.RunSchedule c -> true;
            // one rename of what is there, which cannot be made twice; and they must be possible when there is no room
            case Command.DeleteInstance c -> false;
            case Command.DeleteSnapshot c -> false;
            // it only reads, and what it finds it writes down under a version
            case Command.VerifySnapshot c -> false;
        };
    }

    /** Whether an attempt goes on with what an earlier one has left in staging. */
    static boolean inherits(Command command) {
        return command instanceof Command.CompressSnapshot;
    }
}
