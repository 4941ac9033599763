package dev.snapfork.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The brokers' side of a consumer group: who has which partition and how far it has been committed. Whoever is dead or has stood
 * still for long loses its partitions, and they move for no reason too; who has lost one hears of it when it asks.
 */
public final class Group {
    private static final Duration SESSION = Duration.ofSeconds(10);

    /** @param generation counts the times that the partition was given to somebody */
    public record Assignment(Machine owner, long generation) {}

    private final Scheduler scheduler;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Assignment> assignments = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Map<String, Long> heard = new TreeMap<>();
    private final Map<String, Machine> members = new TreeMap<>();
    private long generations;

    Group(Scheduler scheduler, List<TopicPartition> partitions) {
        this.scheduler = scheduler;
        this.partitions = List.copyOf(partitions);
    }

    /** A member says that it lives. */
    public void heartbeat(Machine member) {
        members.put(member.name(), member);
        heard.put(member.name(), scheduler.nanos());
    }

    public @Nullable Assignment assignment(TopicPartition partition) {
        return assignments.get(partition);
    }

    public List<TopicPartition> partitions() {
        return partitions;
    }

    public long committed(TopicPartition partition) {
        return committed.getOrDefault(partition, 0L);
    }

    /** Of no effect for whoever has lost the partition. */
    public void commit(TopicPartition partition, Assignment by, long offset) {
        if (by.equals(assignments.get(partition))) {
            committed.put(partition, offset);
        }
    }

    /** What the coordinator does now and then. */
    void look(double moves) {
        members.values().removeIf(member -> {
            var since = scheduler.nanos() - heard.getOrDefault(member.name(), 0L);
            return since > SESSION.toNanos();
        });
        var living = new ArrayList<>(members.values());
        if (living.isEmpty()) {
            return;
        }
        for (var partition : partitions) {
            var now = assignments.get(partition);
            if (now == null || !living.contains(now.owner()) || scheduler.chance(moves)) {
                give(partition, living.get(scheduler.random().nextInt(living.size())));
            }
        }
    }

    private void give(TopicPartition partition, Machine member) {
        var now = assignments.get(partition);
        if (now == null || now.owner() != member) {
            assignments.put(partition, new Assignment(member, ++generations));
        }
    }
}
