package dev.snapfork.worker;

import dev.snapfork.deadletter.DeadLetter;
import dev.snapfork.deadletter.LetterPublisher;
import dev.snapfork.event.Event.OperationSettled;
import dev.snapfork.event.EventPublisher;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Buries commands that cannot be handled. A letter is in the log before its command is settled or acknowledged, so that none gets
 * lost; one that is buried twice has the same id.
 */
@ApplicationScoped
class DeadCommands {
    private final LetterPublisher letters;
    private final Settlements settlements;
    private final EventPublisher events;
    private final Patience patience;
    private final MeterRegistry meters;
    private final Clock clock;
    private final RandomGenerator random;

    DeadCommands(
            LetterPublisher letters,
            Settlements settlements,
            EventPublisher events,
            Patience patience,
            MeterRegistry meters,
            Clock clock,
            RandomGenerator random) {
        this.letters = letters;
        this.settlements = settlements;
        this.events = events;
        this.patience = patience;
        this.meters = meters;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Buries a record and returns the letter's id.
     *
     * @throws Patience.StoppingException if the worker stops before Kafka has it
     */
    String bury(ConsumerRecord<byte[], byte[]> record, String reason) {
        patience.insist("bury a command", letters.bury(record, reason));
        meters.counter("snapfork.dead.letters.buried", "topic", record.topic()).increment();
        return DeadLetter.idOf(record.topic(), record.partition(), record.offset());
    }

    /**
     * Buries a record that is no command to this version. If it names an operation, that has failed: somebody may have been told
     * that it was accepted, and would wait for ever.
     *
     * @throws Patience.StoppingException as {@link #bury}
     */
    void buryUnreadable(ConsumerRecord<byte[], byte[]> record, String reason) {
        var letter = bury(record, reason);
        operation(record).ifPresent(id -> {
            var end = patience.insist("record how a command settled", () -> {
                var attempt = new AttemptId(id, Cuid.random(random));
                return settlements
                        .begin(attempt)
                        .or(() -> settlements.record(failed(id, record, reason, letter), attempt))
                        .orElseThrow(LostException::new);
            });
            patience.insist("publish how a command settled", events.publish(end));
        });
    }

    private static Optional<OperationId> operation(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader("ce_id");
        return Optional.ofNullable(header == null ? null : header.value())
                .map(id -> new String(id, StandardCharsets.UTF_8))
                .filter(Cuid::isValid)
                .map(OperationId::new);
    }

    private OperationSettled failed(
            OperationId id, ConsumerRecord<byte[], byte[]> record, String reason, String letter) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var why = new Refusal(
                RefusalCode.INTERNAL_ERROR,
                "no worker could read the command, which lies among the dead letters as " + letter + ": " + reason);
        var accepted = Operation.accepted(
                id, OperationKind.UNKNOWN, null, null, Instant.ofEpochMilli(Math.max(0, record.timestamp())));
        return new OperationSettled(
                now, accepted.settled(OperationStatus.FAILED, now, now, null, why), key(record, id), null, null);
    }

    /** Commands have the id of an aggregate as their key, and what becomes of them stands behind its events. Others may be anything. */
    private static String key(ConsumerRecord<byte[], byte[]> record, OperationId id) {
        return Optional.ofNullable(record.key())
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .filter(Cuid::isValid)
                .orElseGet(id::value);
    }
}
