package dev.snapfork.deadletter;

import dev.snapfork.log.Topics;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the dead-letter topic, and from there back to where a record came from. Everything here completes when the brokers have
 * it for good; after a failure it is not known whether they have it, and doing it again does no harm.
 */
@ApplicationScoped
public class LetterPublisher {
    private static final Logger LOG = Logger.getLogger(LetterPublisher.class);
    private static final int MOST_WAITING = 4096;

    private final MutinyEmitter<byte[]> letters;

    LetterPublisher(
            @Channel("letters-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    MutinyEmitter<byte[]> letters) {
        this.letters = letters;
    }

    /** Buries a record. One that is too large for that leaves a letter without its content. */
    public Uni<Void> bury(ConsumerRecord<byte[], byte[]> record, String reason) {
        var id = DeadLetter.idOf(record.topic(), record.partition(), record.offset());
        LOG.errorf(
                "sent to the dead letters: letter=%s topic=%s partition=%d offset=%d reason=%s",
                id, record.topic(), record.partition(), record.offset(), reason);
        return toLetters(id, LetterCodec.buried(record, reason), record.value())
                .onFailure(LetterPublisher::isTooLarge)
                .recoverWithUni(() -> toLetters(id, LetterCodec.buriedWithoutContent(record, reason), null));
    }

    /** Notes that a letter was published again. */
    public Uni<Void> markRetried(String letter, int attempt, @Nullable String operation) {
        return toLetters(letter, LetterCodec.retried(letter, attempt, operation), null);
    }

    /** Notes that a letter is of no more interest. */
    public Uni<Void> markDiscarded(String letter) {
        return toLetters(letter, LetterCodec.discarded(letter), null);
    }

    /**
     * Publishes a letter's key and value where they came from. A command goes where its key belongs now, anything else into the
     * partition that it lay in.
     */
    public Uni<Void> republish(DeadLetter letter, Headers headers) {
        var content = letter.content();
        if (content == null || content.omitted()) {
            throw new IllegalArgumentException("nothing to publish in letter " + letter.id());
        }
        var record = OutgoingKafkaRecordMetadata.<byte[]>builder()
                .withTopic(letter.topic())
                .withKey(letter.key() == null ? null : letter.key().bytes())
                .withHeaders(headers);
        if (letter.key() == null || !Topics.OF_COMMANDS.contains(letter.topic())) {
            record.withPartition(letter.partition());
        }
        return send(
                record.build(), content.value() == null ? null : content.value().bytes());
    }

    private Uni<Void> toLetters(String key, Headers headers, byte @Nullable [] value) {
        return send(
                OutgoingKafkaRecordMetadata.<byte[]>builder()
                        .withTopic(Topics.DEAD_LETTERS)
                        .withKey(key.getBytes(StandardCharsets.UTF_8))
                        .withHeaders(headers)
                        .build(),
                value);
    }

    @SuppressWarnings("NullAway") // a record without a value is one to Kafka, and to the connector
    private Uni<Void> send(OutgoingKafkaRecordMetadata<byte[]> record, byte @Nullable [] value) {
        return Uni.createFrom()
                .deferred(() -> letters.sendMessage(Message.of(value, Metadata.of(record))))
                .replaceWithVoid();
    }

    private static boolean isTooLarge(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException) {
                return true;
            }
        }
        return false;
    }
}
