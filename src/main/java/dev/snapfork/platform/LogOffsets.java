package dev.snapfork.platform;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks Kafka where its logs begin and end and how far groups have come. Calls block, no longer than some seconds. */
@ApplicationScoped
public class LogOffsets {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Map<String, Object> kafka;
    private @Nullable Admin admin;

    LogOffsets(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.kafka = kafka;
    }

    /** The offsets that a partition has records between: its first one, and the one behind its last. */
    public record Span(long beginning, long end) {
        /** How many offsets lie between that one and the end; compaction may have removed what was there. */
        public long behind(long next) {
            return Math.max(0, end - Math.max(next, beginning));
        }
    }

    /** @throws LogAwayException if Kafka does not answer in time */
    public Map<TopicPartition, Span> spans(Collection<String> topics) {
        var partitions = await(admin().describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        var beginnings = offsets(partitions, OffsetSpec.earliest());
        var ends = offsets(partitions, OffsetSpec.latest());
        var spans = new HashMap<TopicPartition, Span>();
        for (var partition : partitions) {
            var end = ends.getOrDefault(partition, 0L);
            spans.put(partition, new Span(beginnings.getOrDefault(partition, end), end));
        }
        return spans;
    }

    /**
     * Where the group goes on; partitions that it has committed nothing of are left out.
     *
     * @throws LogAwayException as {@link #spans}
     */
    public Map<TopicPartition, Long> committed(String group) {
        var committed = new HashMap<TopicPartition, Long>();
        await(admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    // the client has null for a partition without one
                    if (offset != null) {
                        committed.put(partition, offset.offset());
                    }
                });
        return committed;
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec which) {
        var wanted = partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which));
        var offsets = new HashMap<TopicPartition, Long>();
        await(admin().listOffsets(wanted).all()).forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private synchronized Admin admin() {
        if (admin == null) {
            var settings = new HashMap<>(kafka);
            settings.put("default.api.timeout.ms", Math.toIntExact(LIMIT.toMillis()));
            settings.put("request.timeout.ms", Math.toIntExact(LIMIT.toMillis()));
            settings.put("client.id", "snapfork-offsets");
            admin = Admin.create(settings);
        }
        return admin;
    }

    @PreDestroy
    synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    private static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new LogAwayException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogAwayException(e);
        }
    }

    /** Kafka did not answer. */
    public static final class LogAwayException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LogAwayException(Throwable cause) {
            super("Kafka did not say how far its logs go", cause);
        }
    }
}
