package dev.snapfork.projection;

import dev.snapfork.deadletter.LetterPublisher;
import dev.snapfork.log.Topics;
import dev.snapfork.trace.LogLabels;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** Buries what the read model cannot take, until Kafka has it: nothing is passed over without a trace. */
@ApplicationScoped
class Graveyard {
    private static final Logger LOG = Logger.getLogger(Graveyard.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(30);

    private final LetterPublisher letters;
    private final MeterRegistry meters;

    Graveyard(LetterPublisher letters, MeterRegistry meters) {
        this.letters = letters;
        this.meters = meters;
    }

    /** As {@link #buryUnlabelled}, with lines that bear the record's ids. */
    Uni<Void> bury(ConsumerRecord<byte[], byte[]> record, String reason) {
        try (var _ = LogLabels.of(record.headers())) {
            return buryUnlabelled(record, reason);
        }
    }

    /** Completes when the record is among the dead letters, or is none that this stage has to bury. */
    private Uni<Void> buryUnlabelled(ConsumerRecord<byte[], byte[]> record, String reason) {
        if (Topics.OF_COMMANDS.contains(record.topic()) || record.topic().equals(Topics.DEAD_LETTERS)) {
            // Commands are the workers' to bury, who may well have handled it; and a letter lies where it belongs.
            LOG.warnf(
                    "passed over: topic=%s partition=%d offset=%d reason=%s",
                    record.topic(), record.partition(), record.offset(), reason);
            return Uni.createFrom().voidItem();
        }
        return letters.bury(record, reason)
                .ifNoItem()
                .after(ATTEMPT_LIMIT)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.warnf("could not bury a record, trying again: %s", failure.toString()))
                .onFailure()
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .invoke(() -> meters.counter("snapfork.dead.letters.buried", "topic", record.topic())
                        .increment());
    }
}
