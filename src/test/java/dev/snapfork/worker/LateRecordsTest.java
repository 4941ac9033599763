package dev.snapfork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.event.Event;
import dev.snapfork.event.EventKey;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.event.Publishers;
import dev.snapfork.event.RecordedEvents;
import dev.snapfork.fault.Faults;
import dev.snapfork.health.Health;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.platform.Configured;
import dev.snapfork.store.HealthRecords;
import dev.snapfork.worker.OvertakenAggregates.Kind;
import dev.snapfork.worker.OvertakenAggregates.Overtaken;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LateRecordsTest {
    private static final String SNAPSHOT = Scenario.SNAPSHOT.value();
    private static final String MACHINE = Scenario.MACHINE.value();

    /** What is noted, until it is told again. */
    private static final class Notes implements OvertakenAggregates {
        private final List<Overtaken> noted;

        Notes(Overtaken... noted) {
            this.noted = new ArrayList<>(List.of(noted));
        }

        @Override
        public List<Overtaken> after(String id) {
            return noted.stream().filter(each -> each.id().compareTo(id) > 0).toList();
        }

        @Override
        public void toldAgain(Overtaken overtaken) {
            noted.remove(overtaken);
        }
    }

    private static void look(TestWorker worker, EventPublisher events, OvertakenAggregates notes) {
        new LateRecords(notes, new CurrentEvents(worker.store(), events), worker.patience(), Configured.with(Map.of()))
                .look();
    }

    private static Event newestOf(String aggregate, List<Event> events) {
        return events.stream()
                .filter(event -> event.aggregateId().equals(aggregate))
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    @Test
    void theNewestVersionIsToldAgainAsItWas() throws Exception {
        Disks.withFresh(data -> {
            var world = new World(data, Scenario.RESTORE_COMPRESSED);
            try (var worker = new TestWorker(world.shared, Faults.NONE)) {
                var before = world.shared.events().all();
                var notes = new Notes(
                        new Overtaken(MACHINE, Kind.INSTANCE, MACHINE, 7),
                        new Overtaken(SNAPSHOT, Kind.SNAPSHOT, SNAPSHOT, 8));

                look(worker, world.shared.events(), notes);

                var all = world.shared.events().all();
                assertThat(all.subList(before.size(), all.size()))
                        .extracting(RecordedEvents::wire)
                        .containsExactly(
                                RecordedEvents.wire(newestOf(MACHINE, before)),
                                RecordedEvents.wire(newestOf(SNAPSHOT, before)));
                assertThat(newestOf(SNAPSHOT, before).sequence()).isGreaterThan(1);
                assertThat(notes.noted).isEmpty();
            }
        });
    }

    @Test
    void soIsAScheduleUnlessAnotherHasTakenItsPlace() throws Exception {
        Disks.withFresh(data -> {
            var world = new World(data, Scenario.RUN_SCHEDULE);
            try (var worker = new TestWorker(world.shared, Faults.NONE)) {
                worker.process(Scenario.RUN_SCHEDULE.command());
                var before = world.shared.events().all();
                var schedule = Scenario.SCHEDULE.value();
                var other = new Overtaken("other".repeat(5).substring(0, 24), Kind.SCHEDULE, MACHINE, 7);
                var notes = new Notes(other, new Overtaken(schedule, Kind.SCHEDULE, MACHINE, 8));
                var events = new RecordedEvents();

                look(worker, events, notes);

                assertThat(events.all())
                        .extracting(RecordedEvents::wire)
                        .containsExactly(RecordedEvents.wire(newestOf(schedule, before)));
                assertThat(newestOf(schedule, before).sequence()).isGreaterThan(1);
                assertThat(notes.noted).containsExactly(other);
            }
        });
    }

    @Test
    void soIsAFindingAndOneThatIsKeptNoMoreIsForgotten() throws Exception {
        Disks.withFresh(data -> {
            var world = new World(data, Scenario.COMPRESS);
            try (var worker = new TestWorker(world.shared, Faults.NONE)) {
                var found = Health.found(Health.Subject.SNAPSHOT, SNAPSHOT, 0, "disk is missing", Scenario.NOW);
                assertThat(worker.store().health().put(0, new HealthRecords.Entry(found, null)))
                        .isTrue();
                var finding = Event.HealthFound.aggregateOf(SNAPSHOT);
                var none = Event.HealthFound.aggregateOf(MACHINE);
                var notes = new Notes(
                        new Overtaken(none, Kind.FINDING, MACHINE, 7),
                        new Overtaken(finding, Kind.FINDING, SNAPSHOT, 8));
                var events = new RecordedEvents();

                look(worker, events, notes);

                assertThat(events.all())
                        .extracting(RecordedEvents::wire)
                        .containsExactly(RecordedEvents.wire(new Event.HealthFound(null, found)));
                assertThat(events.forgotten()).containsExactly(none);
                assertThat(notes.noted).isEmpty();
            }
        });
    }

    @Test
    void whatWasDeletedIsForgottenAgain() throws Exception {
        Disks.withFresh(data -> {
            var world = new World(data, Scenario.DELETE_SNAPSHOT);
            try (var worker = new TestWorker(world.shared, Faults.NONE)) {
                worker.process(Scenario.DELETE_SNAPSHOT.command());
                assertThat(world.ended(Scenario.DELETE_SNAPSHOT.command())).isEqualTo(OperationStatus.SUCCEEDED);
                var events = new RecordedEvents();
                var notes = new Notes(new Overtaken(SNAPSHOT, Kind.DELETED, SNAPSHOT, 7));

                look(worker, events, notes);

                assertThat(events.forgotten()).containsExactly(SNAPSHOT);
                assertThat(events.all()).isEmpty();
                assertThat(notes.noted).isEmpty();
            }
        });
    }

    @Test
    void whatIsGoneAndNotYetToldToBeIsLeftToItsDeletion() throws Exception {
        Disks.withFresh(data -> {
            var world = new World(data, Scenario.DELETE_SNAPSHOT);
            try (var worker = new TestWorker(world.shared, Faults.NONE)) {
                worker.process(Scenario.DELETE_SNAPSHOT.command());
                var events = new RecordedEvents();
                var notes = new Notes(new Overtaken(SNAPSHOT, Kind.SNAPSHOT, SNAPSHOT, 7));

                look(worker, events, notes);

                assertThat(events.forgotten()).isEmpty();
                assertThat(events.all()).isEmpty();
                assertThat(notes.noted).hasSize(1);
            }
        });
    }

    @Test
    void whatCannotBeToldStaysNotedAndKeepsNothingElseBack() throws Exception {
        Disks.withFresh(data -> {
            var world = new World(data, Scenario.DELETE_SNAPSHOT);
            try (var worker = new TestWorker(world.shared, Faults.NONE)) {
                var published = new ArrayList<String>();
                var first = new Overtaken(MACHINE, Kind.INSTANCE, MACHINE, 7);
                var notes = new Notes(first, new Overtaken(SNAPSHOT, Kind.SNAPSHOT, SNAPSHOT, 8));

                look(worker, without(MACHINE, published), notes);

                assertThat(published).containsExactly(SNAPSHOT);
                assertThat(notes.noted).containsExactly(first);
            }
        });
    }

    /** Kafka takes nothing of that aggregate. */
    private static EventPublisher without(String aggregate, List<String> published) {
        return Publishers.events(Publishers.channel(message -> {
            var record = message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
            if (!(record.getKey() instanceof EventKey(var id, var near)) || id.equals(aggregate)) {
                return Uni.createFrom().failure(new IllegalStateException("the broker is away"));
            }
            published.add(near);
            return Uni.createFrom().voidItem();
        }));
    }
}
