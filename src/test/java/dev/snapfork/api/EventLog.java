package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.environment.SharedEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the events with a consumer that knows nothing of the service. */
final class EventLog {
    static final String TOPIC = "snapfork.events";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private EventLog() {}

    /** A record as it lies in the log; no data is a tombstone. */
    record Entry(ConsumerRecord<String, String> raw) {
        String header(String name) {
            var header = raw.headers().lastHeader(name);
            return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
        }

        String type() {
            return header("ce_type");
        }

        @Nullable
        String data() {
            return raw.value();
        }

        JsonNode json() {
            return new Answer(200, java.net.http.HttpHeaders.of(Map.of(), (a, b) -> true), raw.value()).json();
        }
    }

    /** All entries that are wanted, in the order of their partitions, until one of them is the last. */
    static List<Entry> read(Predicate<Entry> wanted, Predicate<Entry> last) {
        return read(TOPIC, wanted, last);
    }

    /** The same of another topic. */
    static List<Entry> read(String topic, Predicate<Entry> wanted, Predicate<Entry> last) {
        var found = new ArrayList<Entry>();
        var end = System.nanoTime() + LIMIT.toNanos();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", SharedEnvironment.get().bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (System.nanoTime() - end < 0) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var entry = new Entry(record);
                    if (wanted.test(entry)) {
                        found.add(entry);
                    }
                }
                if (found.stream().anyMatch(last)) {
                    return found;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(found).as("entries without the last one").isEmpty();
        throw new AssertionError("the events do not come");
    }

    /** Everything that is in the log by now, in the order of its partitions. */
    static List<Entry> everything() throws IOException {
        var found = new ArrayList<Entry>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", SharedEnvironment.get().bootstrapServers()),
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
                assertThat(System.nanoTime()).as("deadline").isLessThan(until);
                consumer.poll(Duration.ofMillis(200)).forEach(record -> found.add(new Entry(record)));
            }
        }
        return found;
    }

    /** The history of one aggregate up to and with its tombstone. */
    static List<Entry> life(String id) {
        return read(entry -> id.equals(entry.raw().key()), entry -> entry.data() == null);
    }
}
