package dev.snapfork.simulation;

import dev.snapfork.event.Event;
import dev.snapfork.event.EventCodec;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.OperationId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The event log, record by record as it is written: an aggregate's events come in order and without gaps, what comes again is the
 * same, nothing is told that is not so, and each command ends once, after it has been recorded and after what it changed was told.
 */
final class History {
    /** What events are told about. */
    interface Truth {
        /** Whether the aggregate is, or was, in that version. */
        boolean hasReached(String id, long version);

        boolean isVisible(String id);

        Optional<Event.OperationSettled> end(OperationId operation);
    }

    private record Cause(@Nullable OperationId by, String aggregate, EventType type) {}

    private final Truth truth;
    private final Map<String, List<ConsumerRecord<String, byte[]>>> lives = new HashMap<>();
    private final Map<OperationId, ConsumerRecord<String, byte[]>> ends = new HashMap<>();
    private final Set<Cause> causes = new HashSet<>();
    private final Set<String> deleted = new HashSet<>();

    History(Truth truth) {
        this.truth = truth;
    }

    Set<OperationId> ended() {
        return Set.copyOf(ends.keySet());
    }

    /** What has been told that the command has done. */
    Set<EventType> causedBy(OperationId operation) {
        return causes.stream()
                .filter(cause -> operation.equals(cause.by()))
                .map(Cause::type)
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean knows(String aggregate) {
        return lives.containsKey(aggregate);
    }

    /** @return what has ended with this record, for the first time */
    Optional<Event.OperationSettled> written(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            require(deleted.contains(record.key()), "forgotten before it was deleted: " + record.key());
            return Optional.empty();
        }
        var event = EventCodec.decode(record.headers(), record.value());
        if (event instanceof Event.OperationSettled settled) {
            return ended(settled, record);
        }
        changed(event, record);
        return Optional.empty();
    }

    private void changed(Event event, ConsumerRecord<String, byte[]> record) {
        var id = event.aggregateId();
        var life = lives.computeIfAbsent(id, key -> new ArrayList<>());
        var next = life.size() + 1L;
        if (event.sequence() < next) {
            require(isSame(life.get((int) event.sequence() - 1), record), "told in two ways: " + event);
            return;
        }
        require(event.sequence() == next, "version " + next + " is missing before " + event);
        require(!deleted.contains(id), "told after the deletion: " + event);
        if (isDeletion(event)) {
            require(!truth.isVisible(id), "said to be deleted, and there: " + event);
            deleted.add(id);
        } else {
            require(truth.hasReached(id, event.sequence()), "told before it was so: " + event);
        }
        require(causes.add(new Cause(event.operation(), id, event.type())), "done twice by one command: " + event);
        life.add(record);
    }

    private static boolean isDeletion(Event event) {
        return event.type() == EventType.SNAPSHOT_DELETED || event.type() == EventType.INSTANCE_DELETED;
    }

    private Optional<Event.OperationSettled> ended(
            Event.OperationSettled settled, ConsumerRecord<String, byte[]> record) {
        var id = settled.outcome().id();
        var before = ends.putIfAbsent(id, record);
        if (before != null) {
            require(isSame(before, record), "settled in two ways: " + settled);
            require(before.partition() == record.partition(), "settled in two partitions: " + settled);
            return Optional.empty();
        }
        var recorded = truth.end(id).map(Event.OperationSettled::outcome);
        require(recorded.equals(Optional.of(settled.outcome())), "published and not on record: " + settled);
        if (settled.snapshot() != null) {
            requireTold(settled.snapshot().id().value(), settled.snapshot().version(), record);
        }
        if (settled.instance() != null) {
            requireTold(settled.instance().id().value(), settled.instance().version(), record);
        }
        return Optional.of(settled);
    }

    private void requireTold(String id, long version, ConsumerRecord<String, byte[]> end) {
        var life = lives.getOrDefault(id, List.of());
        require(life.size() >= version, "settled before its change was told: " + end.key());
        require(
                life.getFirst().partition() == end.partition(),
                "settled in another partition than its change: " + end.key());
    }

    /** The same to whoever reads it: as CloudEvents are, by their attributes and data. */
    private static boolean isSame(ConsumerRecord<String, byte[]> one, ConsumerRecord<String, byte[]> other) {
        return Arrays.equals(one.value(), other.value()) && one.headers().equals(other.headers());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
