package dev.snapfork.api;

import dev.snapfork.environment.SharedEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Puts any bytes at all into the logs. */
final class RawLog {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private RawLog() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The headers of a command of that type. */
    static Map<String, String> command(String operation, String type, String subject) {
        return Map.of(
                "content-type", "application/json",
                "ce_specversion", "1.0",
                "ce_id", operation,
                "ce_type", "dev.snapfork.command." + type,
                "ce_source", "/tests",
                "ce_subject", subject,
                "ce_time", "2026-03-01T10:00:00Z");
    }

    /** Returns where the record lies once the broker has it. */
    static RecordMetadata put(
            String topic, byte @Nullable [] key, Map<String, String> headers, byte @Nullable [] value) {
        var all = new RecordHeaders();
        headers.forEach((name, text) -> all.add(name, utf8(text)));
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", SharedEnvironment.get().bootstrapServers(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(topic, null, null, key, value, all))
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("Kafka does not take the record", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
