package dev.snapfork.projection;

import dev.snapfork.view.ReadModelBatch;
import dev.snapfork.view.ReadModelWriter;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Applies what a poll brings in one transaction, and tries again until PostgreSQL takes it. */
@ApplicationScoped
class Projection {
    private static final Logger LOG = Logger.getLogger(Projection.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(30);

    private final ReadModelWriter readModel;

    Projection(ReadModelWriter readModel) {
        this.readModel = readModel;
    }

    @Incoming("projection")
    Uni<Void> apply(ConsumerRecords<String, byte[]> records) {
        var batch = new ReadModelBatch();
        for (var record : records) {
            add(record, batch);
            batch.checkpoint(record.topic(), record.partition(), record.offset() + 1);
        }
        return readModel
                .apply(batch)
                .ifNoItem()
                .after(ATTEMPT_LIMIT)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.warnf(
                        "the read model did not take a batch of %d records, trying again: %s",
                        records.count(), failure.toString()))
                .onFailure()
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely();
    }

    private static void add(ConsumerRecord<String, byte[]> record, ReadModelBatch batch) {
        try {
            RecordReader.read(record, batch);
        } catch (RuntimeException e) {
            // Whatever is wrong with one record, those behind it are applied.
            LOG.errorf(
                    "passed over an unreadable record: topic=%s partition=%d offset=%d reason=%s",
                    record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }
}
