package dev.snapfork.worker;

import dev.snapfork.event.Event;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.event.EventType;
import dev.snapfork.platform.TopicSetup;
import dev.snapfork.snapshot.SnapshotSchedule;
import dev.snapfork.store.Finding;
import dev.snapfork.store.Found;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.ScheduleManifest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;

/**
 * Makes the event log anew while everything goes on: publishes the event of each aggregate's version again, with the same id and
 * sequence, then deletions of what the read model shows and the payload store has not, then how commands ended. Holds one
 * aggregate or one page of rows at a time. Broken off at any point it is begun anew, and nothing it has published is wrong.
 */
@ApplicationScoped
class EventLogRebuild {
    private final PayloadStore store;
    private final CurrentEvents current;
    private final EventPublisher events;
    private final Republished past;
    private final TopicSetup topics;
    private final Clock clock;

    EventLogRebuild(
            PayloadStore store,
            CurrentEvents current,
            EventPublisher events,
            Republished past,
            TopicSetup topics,
            Clock clock) {
        this.store = store;
        this.current = current;
        this.events = events;
        this.past = past;
        this.topics = topics;
        this.clock = clock;
    }

    /** What was published. */
    record Done(long aggregates, long deletions, long ends) {}

    /** Says between two records that the work goes on; throws if it is not to. */
    interface Pulse {
        void beat();
    }

    /**
     * Returns when everything is published.
     *
     * @throws RuntimeException if Kafka, PostgreSQL or the storage fails; it is then to be run again
     */
    Done run(Pulse pulse) throws IOException {
        topics.make();
        return new Done(aggregates(pulse) + findings(pulse), vanished(pulse), ends(pulse));
    }

    private long aggregates(Pulse pulse) throws IOException {
        var count = new long[1];
        store.adoption().scan(finding -> {
            pulse.beat();
            switch (finding) {
                case Finding.AnInstance(var manifest, var ours)
                when ours -> {
                    if (current.tell(manifest.instance().id())) {
                        count[0]++;
                    }
                }
                case Finding.ASnapshot(var manifest, var ours)
                when ours -> {
                    if (current.tell(manifest.snapshot().id())) {
                        count[0]++;
                    }
                }
                // what is not adopted yet has no event; what cannot be read is told by reconciliation
                case Finding.AnInstance _, Finding.ASnapshot _, Finding.Unreadable _ -> {}
            }
        });
        for (var instance : store.schedules().instances()) {
            pulse.beat();
            if (store.schedules().find(instance) instanceof Found.Present<ScheduleManifest>(var manifest)
                    && current.tell(manifest.schedule().id(), instance)) {
                count[0]++;
            }
        }
        return count[0];
    }

    private long findings(Pulse pulse) throws IOException {
        var count = 0;
        for (var id : store.health().ids()) {
            pulse.beat();
            current.tellFinding(id);
            count++;
        }
        return count;
    }

    /** A deletion whose event was lost before the read model had it is in nobody's memory: it is told anew. */
    private long vanished(Pulse pulse) throws IOException {
        var count = new long[1];
        eachPage(past::shownSnapshots, snapshot -> snapshot.id().value(), pulse, page -> {
            for (var snapshot : page) {
                if (isGone(store.layout().snapshots(), store.snapshots().find(snapshot.id()))) {
                    current.tell(
                            new Event.SnapshotChanged(EventType.SNAPSHOT_DELETED, now(), null, snapshot.deleted()));
                    count[0]++;
                }
            }
        });
        eachPage(past::shownInstances, instance -> instance.id().value(), pulse, page -> {
            for (var instance : page) {
                if (isGone(store.layout().guests(), store.instances().find(instance.id()))) {
                    current.tell(new Event.InstanceChanged(
                            EventType.INSTANCE_DELETED, now(), null, instance.deleted(), null));
                    count[0]++;
                }
            }
        });
        eachPage(past::shownSchedules, schedule -> schedule.id().value(), pulse, page -> {
            for (var schedule : page) {
                if (isGone(schedule)) {
                    current.tell(
                            new Event.ScheduleChanged(EventType.SCHEDULE_DELETED, now(), null, schedule.deleted()));
                    count[0]++;
                }
            }
        });
        return count[0];
    }

    private boolean isGone(SnapshotSchedule shown) throws IOException {
        return switch (store.schedules().find(shown.instanceId())) {
            case Found.Present<ScheduleManifest>(var manifest) ->
                !manifest.schedule().id().equals(shown.id());
            case Found.Absent<ScheduleManifest> absent -> isGone(store.layout().schedules(), absent);
            case Found.Damaged<ScheduleManifest> _ -> false;
        };
    }

    /** A disk that is not mounted has nothing deleted. */
    private static boolean isGone(Path parent, Found<?> found) throws IOException {
        if (found instanceof Found.Absent && !Files.isDirectory(parent)) {
            throw new NoSuchFileException(parent.toString());
        }
        return found instanceof Found.Absent;
    }

    /** Behind the aggregates that they are about, as ever. */
    private long ends(Pulse pulse) throws IOException {
        var count = new long[1];
        eachPage(past::ends, end -> end.outcome().id().value(), pulse, page -> {
            CurrentEvents.publish(Uni.join()
                    .all(page.stream().map(events::publish).toList())
                    .andCollectFailures()
                    .replaceWithVoid());
            count[0] += page.size();
        });
        return count[0];
    }

    private interface Work<T> {
        void on(List<T> page) throws IOException;
    }

    private static <T> void eachPage(
            Function<String, List<T>> pageAfter, Function<T, String> id, Pulse pulse, Work<T> work) throws IOException {
        for (var page = pageAfter.apply(""); !page.isEmpty(); page = pageAfter.apply(id.apply(page.getLast()))) {
            pulse.beat();
            work.on(page);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
