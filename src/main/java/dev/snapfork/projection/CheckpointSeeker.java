package dev.snapfork.projection;

import dev.snapfork.view.ReadModelWriter;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** Goes on where the read model's own checkpoint says, which moved in the transaction that applied the records before it. */
@ApplicationScoped
@Identifier("projection")
class CheckpointSeeker implements KafkaConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(CheckpointSeeker.class);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ReadModelWriter readModel;

    CheckpointSeeker(ReadModelWriter readModel) {
        this.readModel = readModel;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<String, Map<Integer, Long>> checkpoints = new HashMap<>();
        for (var partition : partitions) {
            var next = checkpoints
                    .computeIfAbsent(
                            partition.topic(),
                            topic -> readModel.checkpoints(topic).await().atMost(LIMIT))
                    .getOrDefault(partition.partition(), 0L);
            consumer.seek(partition, next);
        }
        LOG.infof("projection goes on from its checkpoints: partitions=%d", partitions.size());
    }
}
