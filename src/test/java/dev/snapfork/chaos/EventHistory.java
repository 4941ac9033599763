package dev.snapfork.chaos;

import dev.snapfork.environment.SharedEnvironment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All events, as any other team would read them: each aggregate's without gaps, in order, and no two ends of an operation. */
final class EventHistory {
    private static final String TOPIC = "snapfork.events";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Map<String, List<ConsumerRecord<String, String>>> byKey;

    private EventHistory(Map<String, List<ConsumerRecord<String, String>>> byKey) {
        this.byKey = byKey;
    }

    static EventHistory read(SharedEnvironment environment) {
        var byKey = new TreeMap<String, List<ConsumerRecord<String, String>>>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", environment.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var until = System.nanoTime() + LIMIT.toNanos();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                if (System.nanoTime() - until >= 0) {
                    throw new AssertionError("the events do not come");
                }
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    byKey.computeIfAbsent(record.key(), key -> new ArrayList<>())
                            .add(record);
                }
            }
        }
        return new EventHistory(byKey);
    }

    /** @param there the ids of what there is */
    List<String> violations(Set<String> there) {
        var violations = new ArrayList<String>();
        byKey.forEach((key, records) -> {
            if (!key.endsWith("/health")) {
                check(key, records, there.contains(key), violations);
            }
        });
        for (var id : there) {
            if (!byKey.containsKey(id)) {
                violations.add("no event ever told of " + id);
            }
        }
        return violations;
    }

    private static void check(
            String key, List<ConsumerRecord<String, String>> records, boolean there, List<String> violations) {
        var first = new TreeMap<Long, String>();
        var operation = false;
        for (var record : records) {
            if (record.value() == null) {
                continue;
            }
            operation = header(record, "ce_type").contains(".operation.");
            var sequence = Long.parseLong(header(record, "ce_sequence"));
            var told = header(record, "ce_id") + " " + header(record, "ce_type") + " " + record.value();
            var before = first.putIfAbsent(sequence, told);
            if (before == null && !operation && sequence != first.size()) {
                violations.add(key + ": event " + sequence + " comes as number " + first.size());
            }
            if (before != null && !before.equals(told)) {
                violations.add(key + ": event " + sequence + " was told as " + before + " and as " + told);
            }
        }
        if (operation && first.size() != 1) {
            violations.add("operation " + key + " ended " + first.size() + " times: " + first);
        }
        if (!operation && there == (records.getLast().value() == null)) {
            violations.add(key + " is " + (there ? "" : "not ") + "there, and its last record is " + records.getLast());
        }
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
