package dev.snapfork.event;

import dev.snapfork.log.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the event log for one thread, in no group: what it has read is its own business. Where a place in the log is no longer there,
 * it goes on at the earliest that is.
 */
final class LogConsumer implements AutoCloseable {
    private static final int MOST_BYTES = 2 << 20;
    private static final int MOST_RECORDS = 256;
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);
    private static final Duration GROWTH = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final int MOST_LOOKS = 5;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Runnable closed;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private long looked = System.nanoTime();

    /**
     * Connects.
     *
     * @param limit of each question to Kafka: fails with {@link org.apache.kafka.common.errors.TimeoutException}
     * @param closed is run once it is closed, also if it could not connect
     */
    LogConsumer(Map<String, Object> kafka, String client, Duration limit, Runnable closed) {
        this.closed = closed;
        var settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, client);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MOST_BYTES);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(limit.toMillis()));
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(limit.toMillis() / 2));
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer = connected(settings);
        try {
            assign(count());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private KafkaConsumer<byte[], byte[]> connected(Map<String, Object> settings) {
        try {
            return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (RuntimeException e) {
            closed.run();
            throw e;
        }
    }

    private int count() {
        return consumer.partitionsFor(Topics.EVENTS).size();
    }

    private void assign(int count) {
        IntStream.range(partitions.size(), count).mapToObj(EventTail::partition).forEach(partitions::add);
        consumer.assign(partitions);
    }

    void seekToEnd() {
        consumer.seekToEnd(partitions);
    }

    void seek(LogPosition position) {
        partitions.forEach(partition -> consumer.seek(partition, position.offset(partition.partition())));
    }

    /**
     * To where somebody was. A place behind the end is one of another log that was there before: all of this one is new to who comes with
     * it. Kafka would notice that as well, but only when it is asked for records, which may be after it was asked how far it is.
     */
    void seekBack(LogPosition position) throws InterruptedException {
        seek(position);
        var foreign = behindTheEnd();
        for (var looks = 1; !foreign.isEmpty() && looks < MOST_LOOKS; looks++) {
            // the end is known a little late by a broker that has just become the leader
            Thread.sleep(LOOK_AGAIN);
            foreign = behindTheEnd();
        }
        foreign.forEach(partition -> consumer.seek(partition, 0));
    }

    private List<TopicPartition> behindTheEnd() {
        var ends = consumer.endOffsets(partitions);
        return partitions.stream()
                .filter(partition -> consumer.position(partition) > ends.getOrDefault(partition, 0L))
                .toList();
    }

    /** To the first event of that time, or the end if there is none. */
    void seek(Instant time) {
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, millis(time)));
        var found = consumer.offsetsForTimes(times);
        var ends = consumer.endOffsets(partitions);
        partitions.forEach(partition -> {
            var first = found.get(partition);
            consumer.seek(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
        });
    }

    /** Kafka knows no times before 1970; and what is beyond its calendar is after everything. */
    private static long millis(Instant time) {
        if (time.isBefore(Instant.EPOCH)) {
            return 0;
        }
        return time.isAfter(LATEST) ? Long.MAX_VALUE : time.toEpochMilli();
    }

    /** The next offsets, gaps that compaction has left passed over. */
    long[] positions() {
        return partitions.stream().mapToLong(consumer::position).toArray();
    }

    ConsumerRecords<byte[], byte[]> poll(Duration wait) {
        return consumer.poll(wait);
    }

    /** Reads partitions that were added as well, from their beginning; returns how many there are. */
    int grown() {
        if (System.nanoTime() - looked >= GROWTH.toNanos()) {
            looked = System.nanoTime();
            var before = partitions.size();
            var now = count();
            if (now > before) {
                assign(now);
                consumer.seekToBeginning(partitions.subList(before, now));
            }
        }
        return partitions.size();
    }

    @Override
    public void close() {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
        } finally {
            closed.run();
        }
    }
}
