package dev.snapfork.worker;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** Follows which partitions of the command logs are this worker's; at most as many as those logs have. */
@ApplicationScoped
@Identifier("worker")
class Tenures implements KafkaConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(Tenures.class);

    /** One that has ended stays until the partition comes back: records of it may still be on their way here. */
    private final Map<TopicPartition, Tenure> tenures = new ConcurrentHashMap<>();

    Tenure of(String topic, int partition) {
        return tenures.computeIfAbsent(new TopicPartition(topic, partition), key -> new Tenure());
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> tenures.put(partition, new Tenure()));
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        end(partitions, "revoked");
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        end(partitions, "lost");
    }

    private void end(Collection<TopicPartition> partitions, String how) {
        for (var partition : partitions) {
            of(partition.topic(), partition.partition()).end();
        }
        if (!partitions.isEmpty()) {
            LOG.infof("partitions %s: %s", how, partitions);
        }
    }
}
