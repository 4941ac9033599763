package dev.snapfork.worker;

import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.Progress;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Tells how far long operations have come, on a short-lived topic of its own. What is lost is made up by what follows. */
@ApplicationScoped
class ProgressPublisher {
    private static final Logger LOG = Logger.getLogger(ProgressPublisher.class);

    private final MutinyEmitter<byte[]> emitter;

    ProgressPublisher(@Channel("progress-out") @OnOverflow(OnOverflow.Strategy.DROP) MutinyEmitter<byte[]> emitter) {
        this.emitter = emitter;
    }

    void publish(Operation accepted, Instant started, Progress reached) {
        var running = accepted.running(started, reached);
        var record = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(accepted.id().value())
                .build();
        emitter.sendMessage(Message.of(WireJson.bytes(running), Metadata.of(record)))
                .subscribe()
                .with(done -> {}, failure -> LOG.debugf("progress was not published: %s", failure.toString()));
    }
}
