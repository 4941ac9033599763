package dev.snapfork.worker;

import dev.snapfork.command.Command;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.snapshot.SnapshotSchedule;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Commands of schedules, as schedulers make them. */
final class Runs {
    private Runs() {}

    static OperationId newOperation() {
        return new OperationId(Cuid.random(RandomGenerator.getDefault()));
    }

    /** @param missed why an earlier command for this run ended without it having begun; null for the first */
    static Command.RunSchedule next(SnapshotSchedule schedule, @Nullable String missed) {
        return new Command.RunSchedule(
                schedule.id(),
                schedule.instanceId(),
                new SnapshotId(Cuid.random(RandomGenerator.getDefault())),
                schedule.runs() + 1,
                schedule.nextRunAt(),
                missed);
    }
}
