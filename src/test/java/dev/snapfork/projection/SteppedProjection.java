package dev.snapfork.projection;

import dev.snapfork.deadletter.UnusedLetters;
import dev.snapfork.fault.Faults;
import dev.snapfork.trace.Traces;
import dev.snapfork.view.ReadModelBatch;
import dev.snapfork.view.ReadModelWriter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** The projection without the consumer that polls for it. */
public final class SteppedProjection {
    private final Projection projection;

    public SteppedProjection(ReadModelWriter readModel) {
        var meters = new SimpleMeterRegistry();
        projection = new Projection(
                readModel,
                new Graveyard(new UnusedLetters(), meters),
                new Freshness(meters, Clock.systemUTC()),
                Traces.OFF,
                Faults.NONE);
    }

    /** Returns whether the read model has taken them by the time that this returns; if not, it is not tried any further. */
    public boolean apply(List<ConsumerRecord<String, byte[]>> records) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new LinkedHashMap<>();
        for (var record : records) {
            polled.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), key -> new ArrayList<>())
                    .add(asPolled(record));
        }
        var applied = new AtomicBoolean();
        var attempt = projection
                .apply(new ConsumerRecords<>(polled, Map.of()))
                .subscribe()
                .with(done -> applied.set(true), failure -> {});
        attempt.cancel();
        return applied.get();
    }

    /** Keys that are no text do not keep the projection from going on, so it reads bytes. */
    private static ConsumerRecord<byte[], byte[]> asPolled(ConsumerRecord<String, byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8),
                record.value(),
                record.headers(),
                record.leaderEpoch());
    }

    /** What one record means for the read model. */
    public static ReadModelBatch meaning(ConsumerRecord<String, byte[]> record) {
        var batch = new ReadModelBatch();
        RecordReader.read(asPolled(record), batch);
        return batch;
    }
}
