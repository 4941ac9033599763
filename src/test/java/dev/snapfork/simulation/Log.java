package dev.snapfork.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** The brokers' logs: partitions that grow at their ends and are read from any offset. */
public final class Log {
    private final Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> partitions = new TreeMap<>(
            java.util.Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
    private final Map<String, Integer> counts;
    private Consumer<ConsumerRecord<String, byte[]>> reader = record -> {};

    /** @param counts of partitions, by topic */
    Log(Map<String, Integer> counts) {
        this.counts = Map.copyOf(counts);
        counts.forEach((topic, count) -> {
            for (var partition = 0; partition < count; partition++) {
                partitions.put(new TopicPartition(topic, partition), new ArrayList<>());
            }
        });
    }

    /** Who hears of each record when it is written. */
    void heardBy(Consumer<ConsumerRecord<String, byte[]>> by) {
        reader = by;
    }

    /**
     * Writes a record.
     *
     * @param near what the partition is chosen by
     */
    public synchronized void append(
            String topic, String key, String near, Headers headers, byte @Nullable [] value, long millis) {
        var count = counts.getOrDefault(topic, 0);
        var hash = Utils.toPositive(Utils.murmur2(near.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        var partition = new TopicPartition(topic, hash % count);
        var records = records(partition);
        var record = new ConsumerRecord<String, byte[]>(
                topic,
                partition.partition(),
                records.size(),
                millis,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                new RecordHeaders(headers.toArray()),
                java.util.Optional.empty());
        records.add(record);
        reader.accept(record);
    }

    private List<ConsumerRecord<String, byte[]>> records(TopicPartition partition) {
        var records = partitions.get(partition);
        if (records == null) {
            throw new IllegalArgumentException("no such partition: " + partition);
        }
        return records;
    }

    public List<TopicPartition> partitions() {
        return List.copyOf(partitions.keySet());
    }

    public synchronized long end(TopicPartition partition) {
        return records(partition).size();
    }

    public synchronized ConsumerRecord<String, byte[]> at(TopicPartition partition, long offset) {
        return records(partition).get((int) offset);
    }

    /** The records of a topic, partition by partition. */
    synchronized List<ConsumerRecord<String, byte[]>> all(String topic) {
        var all = new ArrayList<ConsumerRecord<String, byte[]>>();
        partitions.forEach((partition, records) -> {
            if (partition.topic().equals(topic)) {
                all.addAll(records);
            }
        });
        return all;
    }
}
