package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.event.Event;
import dev.snapfork.event.RecordedEvents;
import dev.snapfork.store.Finding;
import dev.snapfork.store.Found;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.ScheduleManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What lies in a data directory, and whether the events tell it. */
final class Truth {
    private final Path data;
    private final TestWorker.Shared shared;

    Truth(Path data, TestWorker.Shared shared) {
        this.data = data;
        this.shared = shared;
    }

    PayloadStore store() throws IOException {
        return PayloadStore.open(data, Duration.ofSeconds(5));
    }

    List<Finding> findings() throws IOException {
        var found = new ArrayList<Finding>();
        store().adoption().scan(found::add);
        return found;
    }

    /** Events have no gaps, and a view that is made of them alone is what lies on disk. */
    void assertEventsTellIt() throws IOException {
        Map<String, TreeMap<Long, String>> lives = new HashMap<>();
        Map<String, String> states = new HashMap<>();
        Set<String> deleted = new HashSet<>();
        for (var event : shared.events().all()) {
            if (event instanceof Event.OperationSettled) {
                continue;
            }
            var life = lives.computeIfAbsent(event.aggregateId(), id -> new TreeMap<>());
            var before = life.put(event.sequence(), RecordedEvents.wire(event));
            if (before == null) {
                assertThat(event.sequence()).as("%s", event).isEqualTo(life.size());
                states.put(event.aggregateId(), state(event));
                if (event.type().wireName().contains(".deleted.")) {
                    deleted.add(event.aggregateId());
                }
            } else {
                assertThat(RecordedEvents.wire(event)).isEqualTo(before);
            }
        }
        states.keySet().removeAll(deleted);
        var there = onDisk();
        there.putAll(schedules());
        assertThat(states).isEqualTo(there);
    }

    private static String state(Event event) {
        return switch (event) {
            case Event.SnapshotChanged changed -> changed.snapshot().toString();
            case Event.InstanceChanged changed -> changed.instance().toString();
            case Event.HealthFound found -> found.health().toString();
            case Event.ScheduleChanged changed -> changed.schedule().toString();
            case Event.OperationSettled settled -> throw new AssertionError(settled);
        };
    }

    private Map<String, String> onDisk() throws IOException {
        var states = new HashMap<String, String>();
        for (var finding : findings()) {
            switch (finding) {
                case Finding.AnInstance(var manifest, var ours) ->
                    states.put(
                            manifest.instance().id().value(),
                            manifest.instance().toString());
                case Finding.ASnapshot(var manifest, var ours) ->
                    states.put(
                            manifest.snapshot().id().value(),
                            manifest.snapshot().toString());
                case Finding.Unreadable(var place, var problem) -> throw new AssertionError(place + " " + problem);
            }
        }
        return states;
    }

    private Map<String, String> schedules() throws IOException {
        var states = new HashMap<String, String>();
        for (var instance : store().schedules().instances()) {
            if (store().schedules().find(instance) instanceof Found.Present<ScheduleManifest>(var manifest)) {
                // a deleted one is kept for its command to come again
                if (!manifest.deleted()) {
                    states.put(
                            manifest.schedule().id().value(),
                            manifest.schedule().toString());
                }
            } else {
                throw new AssertionError("the schedule of " + instance + " cannot be read");
            }
        }
        return states;
    }

    /** The ids of all that is there. */
    Set<String> named() throws IOException {
        return new TreeSet<>(onDisk().keySet());
    }
}
