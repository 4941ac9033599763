package dev.snapfork.platform;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.commit.ContextHolder;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * A commit strategy that outlasts a broker which is away. The throttled strategy of SmallRye asks the broker, when a partition's first
 * record comes, how far that partition was read; of that question's failure its channel ends for good. This one asks again, as long as
 * it takes and at most {@link #LONGEST} apart. Nothing else is changed.
 */
final class PatientCommit extends ContextHolder implements KafkaCommitHandler {
    static final Duration SHORTEST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(PatientCommit.class);

    private final KafkaCommitHandler handler;
    private final ContextHolder below;
    private final String channel;

    private PatientCommit(KafkaCommitHandler handler, ContextHolder below, Vertx vertx, String channel) {
        super(vertx, below.getTimeoutInMillis());
        this.handler = handler;
        this.below = below;
        this.channel = channel;
    }

    /** Makes a patient strategy of another, whose context it hands on: a source tells it to what it takes for its strategy alone. */
    static <H extends ContextHolder & KafkaCommitHandler> PatientCommit over(H handler, Vertx vertx, String channel) {
        return new PatientCommit(handler, handler, vertx, channel);
    }

    @Override
    public void capture(io.vertx.core.Context context) {
        super.capture(context);
        below.capture(context);
    }

    @Override
    public <K, V> Uni<IncomingKafkaRecord<K, V>> received(IncomingKafkaRecord<K, V> record) {
        return Uni.createFrom()
                .deferred(() -> handler.received(record))
                .onFailure()
                .invoke(failure -> LOG.warnf(
                        "Channel %s: how far %s-%d was read is not known yet, it is asked again: %s",
                        channel, record.getTopic(), record.getPartition(), failure))
                .onFailure()
                .retry()
                // what the strategy below holds is for its context's thread alone
                .when(failures -> rests(failures).emitOn(this::runOnContext));
    }

    /** One item a failure, each after a rest that is twice as long as the one before. */
    private static Multi<Duration> rests(Multi<Throwable> failures) {
        return failures.onItem()
                .scan(() -> SHORTEST.dividedBy(2), (rest, failure) -> longer(rest))
                .skip()
                .first()
                .onItem()
                .transformToUniAndConcatenate(
                        rest -> Uni.createFrom().item(rest).onItem().delayIt().by(rest));
    }

    private static Duration longer(Duration rest) {
        var twice = rest.multipliedBy(2);
        return twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    }

    @Override
    public <K, V> Multi<IncomingKafkaRecord<K, V>> decorateStream(Multi<IncomingKafkaRecord<K, V>> records) {
        return handler.decorateStream(records);
    }

    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
        return handler.handle(record);
    }

    @Override
    public void partitionsAssigned(Collection<TopicPartition> partitions) {
        handler.partitionsAssigned(partitions);
    }

    @Override
    public void partitionsRevoked(Collection<TopicPartition> partitions) {
        handler.partitionsRevoked(partitions);
    }

    @Override
    public void terminate(boolean graceful) {
        handler.terminate(graceful);
    }
}
