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
    private final ScheduleHandler schedule;
    private final RunScheduleHandler runSchedule;

    Handlers(
            ImportInstanceHandler importInstance,
            DeleteInstanceHandler deleteInstance,
            CreateSnapshotHandler createSnapshot,
            RestoreSnapshotHandler restoreSnapshot,
            ForkSnapshotHandler forkSnapshot,
            CompressSnapshotHandler compressSnapshot,
            DeleteSnapshotHandler deleteSnapshot,
            ScheduleHandler schedule,
            RunScheduleHandler runSchedule) {
        this.importInstance = importInstance;
        this.deleteInstance = deleteInstance;
        this.createSnapshot = createSnapshot;
        this.restoreSnapshot = restoreSnapshot;
        this.forkSnapshot = forkSnapshot;
        this.compressSnapshot = compressSnapshot;
        this.deleteSnapshot = deleteSnapshot;
        this.schedule = schedule;
        this.runSchedule = runSchedule;
    }

    Outcome handle(Command command, Work work) throws IOException, InterruptedException {
        return switch (command) {
            case Command.ImportInstance c -> importInstance.handle(c, work);
            case Command.DeleteInstance c -> deleteInstance.handle(c, work);
            case Command.CreateSnapshot c -> createSnapshot.handle(c, work);
            case Command.RestoreSnapshot c -> restoreSnapshot.handle(c, work);
            case Command.ForkSnapshot c -> forkSnapshot.handle(c, work);
            case Command.CompressSnapshot c -> compressSnapshot.handle(c, work);
            case Command.DeleteSnapshot c -> deleteSnapshot.handle(c, work);
            case Command.SetSchedule c -> schedule.set(c, work);
            case Command.DeleteSchedule c -> schedule.delete(c, work);
            case Command.RunSchedule c -> runSchedule.handle(c, work);
        };
    }
}
