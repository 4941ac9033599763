package dev.snapfork.simulation;

import dev.snapfork.view.InMemoryReadModel.Rows;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/** The read model, looked at after each batch: it never goes back, and is what the records that it has taken say when read once. */
final class View {
    /** How far the read model says that it has come. */
    interface Checkpoints {
        long next(TopicPartition partition);
    }

    private final Log log;
    private final Replay replay = new Replay();
    private final Map<TopicPartition, Long> read = new HashMap<>();
    private Rows before = new Rows(Map.of(), Map.of(), Map.of());

    View(Log log) {
        this.log = log;
    }

    void applied(Rows now, Checkpoints checkpoints) {
        for (var partition : log.partitions()) {
            var next = checkpoints.next(partition);
            for (var offset = read.getOrDefault(partition, 0L); offset < next; offset++) {
                replay.read(log.at(partition, offset));
                read.put(partition, offset + 1);
            }
        }
        assertNotBehind(before, now);
        assertSame(replay.rows(), now);
        before = now;
    }

    /** Whether all that is in the logs has been applied. */
    boolean isComplete() {
        return log.partitions().stream().allMatch(partition -> read.getOrDefault(partition, 0L) >= log.end(partition));
    }

    static void assertNotBehind(Rows before, Rows now) {
        before.snapshots().forEach((id, row) -> {
            var next = now.snapshots().get(id);
            require(next != null && next.body().version() >= row.body().version(), "went back: snapshot " + id);
        });
        before.instances().forEach((id, row) -> {
            var next = now.instances().get(id);
            require(next != null && next.body().version() >= row.body().version(), "went back: instance " + id);
        });
        before.operations().forEach((id, row) -> {
            var next = now.operations().get(id);
            var settled = row.body().status().settled();
            require(next != null && (!settled || next.equals(row)), "went back: operation " + id);
        });
    }

    /** Of what is in work only that is asked: progress may be told more than once, and in any order. */
    static void assertSame(Rows wanted, Rows found) {
        require(wanted.snapshots().equals(found.snapshots()), "another view of snapshots than a replay's");
        require(wanted.instances().equals(found.instances()), "another view of instances than a replay's");
        require(
                wanted.operations().keySet().equals(found.operations().keySet()),
                "another view of operations than a replay's");
        wanted.operations().forEach((id, row) -> {
            var other = Objects.requireNonNull(found.operations().get(id));
            require(
                    row.body().status() == other.body().status()
                            && (!row.body().status().settled() || row.equals(other)),
                    "another view of operation " + id + " than a replay's");
        });
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
