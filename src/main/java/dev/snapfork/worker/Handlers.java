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

    Handlers(
            ImportInstanceHandler importInstance,
            DeleteInstanceHandler deleteInstance,
            CreateSnapshotHandler createSnapshot,
            RestoreSnapshotHandler restoreSnapshot,
            ForkSnapshotHandler forkSnapshot,
            CompressSnapshotHandler compressSnapshot,
            DeleteSnapshotHandler deleteSnapshot,
            VerifySnapshotHandler verifySnapshot) {
        this.importInstance = importInstance;
        this.deleteInstance = deleteInstance;
        this.createSnapshot = createSnapshot;
        this.restoreSnapshot = restoreSnapshot;
        this.forkSnapshot = forkSnapshot;
        this.compressSnapshot = compressSnapshot;
        this.deleteSnapshot = deleteSnapshot;
        this.verifySnapshot = verifySnapshot;
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
            case Command.VerifySnapshot c -> verifySnapshot.handle(c, work);
        };
    }
}
