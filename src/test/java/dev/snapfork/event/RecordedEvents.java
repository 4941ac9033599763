package dev.snapfork.event;

import dev.snapfork.log.WireJson;
import dev.snapfork.query.EventContract;
import dev.snapfork.trace.Traces;
import dev.snapfork.view.LastKnown;
import dev.snapfork.view.ToldStates;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** An event log in memory, which workers of one test share. */
public final class RecordedEvents extends EventPublisher {
    private final List<Event> events = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private final EventContract contract = new EventContract();

    public RecordedEvents() {
        super(Emitters.unused(), Traces.OFF);
    }

    @Override
    public Uni<Void> publish(Event event) {
        return Uni.createFrom().item(() -> {
            synchronized (events) {
                contract.check(event);
                events.add(event);
            }
            return null;
        });
    }

    @Override
    public Uni<Void> forget(String aggregateId) {
        return Uni.createFrom().item(() -> {
            synchronized (events) {
                forgotten.add(aggregateId);
            }
            return null;
        });
    }

    /** What compaction may forget. */
    public List<String> forgotten() {
        synchronized (events) {
            return List.copyOf(forgotten);
        }
    }

    /** Everything that was published, repetitions included. */
    public List<Event> all() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** What the last of them told of each aggregate that is there. */
    public LastKnown lastKnown() {
        return new ToldStates(
                id -> last(id, Event.SnapshotChanged.class).map(Event.SnapshotChanged::snapshot),
                id -> last(id, Event.InstanceChanged.class).map(Event.InstanceChanged::instance));
    }

    private <E extends Event> Optional<E> last(String id, Class<E> kind) {
        return all().stream()
                .filter(event -> event.aggregateId().equals(id))
                .max(Comparator.comparingLong(Event::sequence))
                .filter(event -> !event.type().wireName().endsWith(".deleted.v1"))
                .map(kind::cast);
    }

    /** The event as others read it. */
    public static String wire(Event event) {
        return event.type() + " " + event.sequence() + " "
                + new String(EventCodec.data(event), java.nio.charset.StandardCharsets.UTF_8) + " "
                + WireJson.text(event.time().toString());
    }
}
