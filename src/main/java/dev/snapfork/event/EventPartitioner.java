package dev.snapfork.event;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;

/** Chooses an event's partition by {@link EventKey#near()}, with Kafka's own hash. */
public final class EventPartitioner implements Partitioner {
    @Override
    public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
        var near = ((EventKey) key).near().getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(near))
                % cluster.partitionsForTopic(topic).size();
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {}
}
