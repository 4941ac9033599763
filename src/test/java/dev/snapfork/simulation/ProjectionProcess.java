package dev.snapfork.simulation;

import dev.snapfork.projection.SteppedProjection;
import dev.snapfork.view.InMemoryReadModel;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the logs from the read model's checkpoints on, a few records at a time, and applies them. Several may be at it: one that
 * stood still goes on with what it had in its hands.
 */
final class ProjectionProcess {
    private static final int MOST_POLLED = 12;
    private static final int LONGEST_POLL_MILLIS = 300;

    private final Scheduler scheduler;
    private final Log log;
    private final InMemoryReadModel readModel;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final SteppedProjection projection;
    private long epoch;

    ProjectionProcess(Scheduler scheduler, Log log, InMemoryReadModel readModel) {
        this.scheduler = scheduler;
        this.log = log;
        this.readModel = readModel;
        this.projection = new SteppedProjection(readModel);
    }

    /** Carries a statement to the read model; if its fate is not known, nothing more comes of the attempt. */
    static Uni<Void> carry(Network network, Supplier<Boolean> statement) {
        try {
            network.call("apply a batch", statement);
            return Uni.createFrom().voidItem();
        } catch (Unavailable e) {
            return Uni.createFrom().nothing();
        }
    }

    /** Goes on until told to end. */
    void run(java.util.function.BooleanSupplier ends) {
        seek();
        while (!ends.getAsBoolean()) {
            var epochNow = now(readModel.epoch());
            if (epochNow != epoch) {
                positions.clear();
                epoch = epochNow;
            }
            var records = poll();
            if (!records.isEmpty() && !applied(records)) {
                seek();
            }
            scheduler.sleep(
                    "poll the logs", Duration.ofMillis(1 + scheduler.random().nextInt(LONGEST_POLL_MILLIS)));
        }
    }

    /** What {@code CheckpointSeeker} does. */
    private void seek() {
        epoch = now(readModel.epoch());
        positions.clear();
        for (var partition : log.partitions()) {
            positions.put(
                    partition, now(readModel.checkpoints(partition.topic())).getOrDefault(partition.partition(), 0L));
        }
    }

    private static <T> T now(Uni<T> known) {
        return known.await().atMost(Duration.ofSeconds(1));
    }

    private List<ConsumerRecord<String, byte[]>> poll() {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        for (var partition : log.partitions()) {
            var position = positions.getOrDefault(partition, 0L);
            var end = Math.min(log.end(partition), position + scheduler.random().nextInt(MOST_POLLED));
            for (var offset = position; offset < end; offset++) {
                records.add(log.at(partition, offset));
            }
            positions.put(partition, Math.max(position, end));
        }
        return records;
    }

    private boolean applied(List<ConsumerRecord<String, byte[]>> records) {
        try {
            return projection.apply(records);
        } finally {
            // a failure that killed it came to nobody, as it was thrown at the middle of a pipeline
            scheduler.step("batch handled");
        }
    }
}
