package dev.snapfork.projection;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import dev.snapfork.log.UnreadableRecordException;
import dev.snapfork.trace.Hop;
import dev.snapfork.trace.Traces;
import dev.snapfork.view.ReadModelBatch;
import dev.snapfork.view.ReadModelWriter;
import dev.snapfork.view.RefusedRowsException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Applies what a poll brings in one transaction, and tries again until PostgreSQL takes it. */
@ApplicationScoped
class Projection {
    private static final Logger LOG = Logger.getLogger(Projection.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(30);

    private final ReadModelWriter readModel;
    private final Graveyard graveyard;
    private final Freshness freshness;
    private final Traces traces;
    private final Faults faults;

    Projection(ReadModelWriter readModel, Graveyard graveyard, Freshness freshness, Traces traces, Faults faults) {
        this.readModel = readModel;
        this.graveyard = graveyard;
        this.freshness = freshness;
        this.traces = traces;
        this.faults = faults;
    }

    @Incoming("projection")
    Uni<Void> apply(ConsumerRecords<byte[], byte[]> records) {
        var batch = new ReadModelBatch();
        var hops = hops(records);
        var buried = Uni.createFrom().voidItem();
        for (var record : records) {
            var problem = add(record, batch);
            checkpoint(record, batch);
            if (problem != null) {
                // before the checkpoint moves past it
                buried = buried.chain(() -> graveyard.bury(record, problem));
            }
        }
        return buried.chain(() -> insist(batch))
                .onFailure(RefusedRowsException.class)
                .recoverWithUni(() -> Multi.createFrom()
                        .iterable(records)
                        .onItem()
                        .transformToUniAndConcatenate(this::applyAlone)
                        .collect()
                        .last())
                .invoke(() -> freshness.applied(records))
                .onTermination()
                .invoke(() -> hops.forEach(Hop::close));
    }

    /** The steps of the traces that the records belong to. */
    private List<Hop> hops(ConsumerRecords<byte[], byte[]> records) {
        var hops = new ArrayList<Hop>();
        for (var record : records) {
            var hop = traces.applies(record.headers(), record.topic());
            if (hop != Hop.NONE) {
                hops.add(hop);
            }
        }
        return hops;
    }

    /** Of records that together were refused, those that PostgreSQL takes are applied, and the others buried. */
    private Uni<Void> applyAlone(ConsumerRecord<byte[], byte[]> record) {
        var alone = new ReadModelBatch();
        var buriedBefore = add(record, alone) != null;
        checkpoint(record, alone);
        return insist(alone).onFailure(RefusedRowsException.class).recoverWithUni(refused -> {
            var nothing = new ReadModelBatch();
            checkpoint(record, nothing);
            return buriedBefore
                    ? insist(nothing)
                    : graveyard
                            .bury(record, "PostgreSQL does not take it: " + refused.getMessage())
                            .chain(() -> insist(nothing));
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

    private static void checkpoint(ConsumerRecord<byte[], byte[]> record, ReadModelBatch batch) {
        batch.checkpoint(record.topic(), record.partition(), record.offset() + 1);
    }

    /** Whatever is wrong with one record, those behind it are applied: returns what it is, or null if nothing is. */
    private static @Nullable String add(ConsumerRecord<byte[], byte[]> record, ReadModelBatch batch) {
        try {
            RecordReader.read(record, batch);
            return null;
        } catch (RuntimeException e) {
            return e instanceof UnreadableRecordException ? String.valueOf(e.getMessage()) : e.toString();
        }
    }
}
