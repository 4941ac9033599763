package dev.snapfork.projection;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.view.ReadModelBatch;
import dev.snapfork.view.ReadModelWriter;
import dev.snapfork.view.RefusedRowsException;
import io.smallrye.mutiny.Multi;
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
    private final Faults faults;

    Projection(ReadModelWriter readModel, Faults faults) {
        this.readModel = readModel;
        this.faults = faults;
    }

    @Incoming("projection")
    Uni<Void> apply(ConsumerRecords<String, byte[]> records) {
        var batch = new ReadModelBatch();
        for (var record : records) {
            add(record, batch);
            checkpoint(record, batch);
        }
        return insist(batch).onFailure(RefusedRowsException.class).recoverWithUni(() -> Multi.createFrom()
                .iterable(records)
                .onItem()
                .transformToUniAndConcatenate(this::applyAlone)
                .collect()
                .last());
    }

    /** Of records that together were refused, those that PostgreSQL takes are applied, and the others told and passed over. */
    private Uni<Void> applyAlone(ConsumerRecord<String, byte[]> record) {
        var alone = new ReadModelBatch();
        add(record, alone);
        checkpoint(record, alone);
        return insist(alone).onFailure(RefusedRowsException.class).recoverWithUni(refused -> {
            passedOver("a record that PostgreSQL refuses", record, refused);
            var nothing = new ReadModelBatch();
            checkpoint(record, nothing);
            return insist(nothing);
        });
    }

    /** Tries until PostgreSQL has taken the batch or refused it for good. */
    private Uni<Void> insist(ReadModelBatch batch) {
        return Uni.createFrom()
                .deferred(() -> {
                    faults.passed(Step.BATCH_READ);
                    return readModel.apply(batch);
                })
                .invoke(() -> faults.passed(Step.BATCH_APPLIED))
                .ifNoItem()
                .after(ATTEMPT_LIMIT)
                .fail()
                .onFailure(Projection::mayPass)
                .invoke(failure ->
                        LOG.warnf("the read model did not take a batch, trying again: %s", failure.toString()))
                .onFailure(Projection::mayPass)
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely();
    }

    private static boolean mayPass(Throwable failure) {
        return !(failure instanceof RefusedRowsException);
    }

    private static void checkpoint(ConsumerRecord<String, byte[]> record, ReadModelBatch batch) {
        batch.checkpoint(record.topic(), record.partition(), record.offset() + 1);
    }

    private static void add(ConsumerRecord<String, byte[]> record, ReadModelBatch batch) {
        try {
            RecordReader.read(record, batch);
        } catch (RuntimeException e) {
            // Whatever is wrong with one record, those behind it are applied.
            passedOver("an unreadable record", record, e);
        }
    }

    private static void passedOver(String what, ConsumerRecord<String, byte[]> record, Throwable reason) {
        LOG.errorf(
                "passed over %s: topic=%s partition=%d offset=%d reason=%s",
                what, record.topic(), record.partition(), record.offset(), reason.getMessage());
    }
}
