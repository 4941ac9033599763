package dev.snapfork.projection;

import dev.snapfork.view.ReadModelWriter;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Goes on where the read model's own checkpoint says, which moved in the transaction that applied the records before it.
 *
 * <p>Asks until it is told: the consumer would not ask a second time, but go on from what it committed to Kafka, and that is past
 * records that were polled and never applied.
 */
@ApplicationScoped
@Identifier("projection")
class CheckpointSeeker implements KafkaConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(CheckpointSeeker.class);
    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final ReadModelWriter readModel;
    private volatile boolean stopping;

    CheckpointSeeker(ReadModelWriter readModel) {
        this.readModel = readModel;
    }

    /** Has an orderly stop not wait for PostgreSQL; what is assigned then is not read. */
    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<String, Map<Integer, Long>> checkpoints = new HashMap<>();
        for (var partition : partitions) {
            var next = checkpoints
                    .computeIfAbsent(partition.topic(), this::insist)
                    .getOrDefault(partition.partition(), 0L);
            consumer.seek(partition, next);
        }
        LOG.infof("projection goes on from its checkpoints: partitions=%d", partitions.size());
    }

    private Map<Integer, Long> insist(String topic) {
        return Uni.createFrom()
                .deferred(() -> readModel.checkpoints(topic))
                .ifNoItem()
                .after(ATTEMPT_LIMIT)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.warnf("could not read the checkpoints, trying again: %s", failure.toString()))
                .onFailure(failure -> !stopping)
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .await()
                .indefinitely();
    }
}
