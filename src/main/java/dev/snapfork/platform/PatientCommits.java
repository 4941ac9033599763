package dev.snapfork.platform;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.commit.KafkaThrottledLatestProcessedCommit;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.BiConsumer;

/** Makes the commit strategy {@code patient} of a channel: the throttled one, by whose settings it goes, but {@link PatientCommit}. */
@ApplicationScoped
@Identifier("patient")
class PatientCommits implements KafkaCommitHandler.Factory {
    private final KafkaThrottledLatestProcessedCommit.Factory throttled;

    PatientCommits(@Identifier("throttled") KafkaThrottledLatestProcessedCommit.Factory throttled) {
        this.throttled = throttled;
    }

    @Override
    public KafkaCommitHandler create(
            KafkaConnectorIncomingConfiguration config,
            Vertx vertx,
            KafkaConsumer<?, ?> consumer,
            BiConsumer<Throwable, Boolean> reportFailure) {
        return PatientCommit.over(throttled.create(config, vertx, consumer, reportFailure), vertx, config.getChannel());
    }
}
