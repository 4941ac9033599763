package dev.snapfork.projection;

import dev.snapfork.event.Event;
import dev.snapfork.health.Health;
import dev.snapfork.snapshot.SnapshotId;
import java.util.Optional;

/** Which events a snapshot's history tells: its own, the findings about its files, and what was made of it. */
final class SnapshotHistory {
    private SnapshotHistory() {}

    /** The snapshot in whose history the event belongs. The ends of operations are read where operations are. */
    static Optional<String> subject(Event event) {
        return switch (event) {
            case Event.SnapshotChanged e -> Optional.of(e.snapshot().id().value());
            case Event.InstanceChanged e -> Optional.ofNullable(e.from()).map(SnapshotId::value);
            case Event.HealthFound e ->
                e.health().subject() == Health.Subject.SNAPSHOT
                        ? Optional.of(e.health().id())
                        : Optional.empty();
            case Event.ScheduleChanged e -> Optional.empty();
            case Event.OperationSettled e -> Optional.empty();
        };
    }
}
