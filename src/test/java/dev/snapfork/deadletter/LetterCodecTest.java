package dev.snapfork.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.deadletter.DeadLetter.Header;
import dev.snapfork.log.Topics;
import dev.snapfork.log.WireJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LetterCodecTest {
    private static final Instant DIED = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final String OPERATION = "o".repeat(24);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            String topic, byte @Nullable [] key, Headers headers, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                topic,
                3,
                42,
                DIED.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                headers,
                Optional.empty());
    }

    private static DeadLetter buried(ConsumerRecord<byte[], byte[]> original) {
        var letter = record(Topics.DEAD_LETTERS, utf8("any"), LetterCodec.buried(original, "why"), original.value());
        assertThat(LetterCodec.decode(letter)).isInstanceOf(LetterRecord.Buried.class);
        return ((LetterRecord.Buried) LetterCodec.decode(letter)).letter();
    }

    private static DeadLetter throughJson(DeadLetter letter) {
        return WireJson.read(WireJson.text(letter), DeadLetter.class);
    }

    @Test
    void aLetterSaysWhereTheRecordCameFromAndWhyAndHoldsIt() {
        var headers = new RecordHeaders()
                .add("ce_id", utf8(OPERATION))
                .add("twice", utf8("1"))
                .add("twice", utf8("2"))
                .add("empty", null);

        var letter = throughJson(buried(record(Topics.COMMANDS, utf8("key"), headers, utf8("{}"))));

        assertThat(letter.id()).isEqualTo(DeadLetter.idOf(Topics.COMMANDS, 3, 42));
        assertThat(letter.topic()).isEqualTo(Topics.COMMANDS);
        assertThat(letter.partition()).isEqualTo(3);
        assertThat(letter.offset()).isEqualTo(42);
        assertThat(letter.reason()).isEqualTo("why");
        assertThat(letter.operationId()).isEqualTo(OPERATION);
        assertThat(letter.diedAt()).isEqualTo(DIED);
        assertThat(letter.key()).isEqualTo(Octets.of(utf8("key")));
        assertThat(letter.content())
                .isEqualTo(new DeadLetter.Content(
                        List.of(
                                new Header("ce_id", Octets.of(utf8(OPERATION))),
                                new Header("twice", Octets.of(utf8("1"))),
                                new Header("twice", Octets.of(utf8("2"))),
                                new Header("empty", null)),
                        Octets.of(utf8("{}")),
                        false));
    }

    @Test
    void whateverARecordHoldsComesBackByteByByte() {
        for (var seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var key = random.nextInt(4) == 0 ? null : bytes(random);
            var value = random.nextInt(4) == 0 ? null : bytes(random);
            var headers = new RecordHeaders();
            for (var i = random.nextInt(4); i > 0; i--) {
                headers.add("a%\0b" + random.nextInt(3) + "%00", random.nextBoolean() ? bytes(random) : null);
            }

            var letter = throughJson(buried(record(Topics.EVENTS, key, headers, value)));

            assertThat(letter.key() == null ? null : letter.key().bytes())
                    .as("seed %d", seed)
                    .isEqualTo(key);
            var content = Objects.requireNonNull(letter.content());
            assertThat(content.value() == null ? null : content.value().bytes()).isEqualTo(value);
            assertThat(LetterCodec.headers(content)).isEqualTo(headers);
            assertThat(WireJson.text(letter)).doesNotContain("\\u0000");
        }
    }

    private static byte[] bytes(Random random) {
        var bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return random.nextBoolean() ? bytes : utf8(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Test
    void aRecordThatDiedBeforeKeepsWhatWasSaidOfItThen() {
        var first = LetterCodec.buried(record(Topics.COMMANDS, null, new RecordHeaders(), null), "before");

        var letter = buried(record(Topics.EVENTS, utf8("k"), first, utf8("v")));

        assertThat(letter.reason()).isEqualTo("why");
        assertThat(letter.topic()).isEqualTo(Topics.EVENTS);
        assertThat(LetterCodec.headers(Objects.requireNonNull(letter.content())))
                .isEqualTo(first);
    }

    @Test
    void aRecordThatIsTooLargeLeavesALetterWithoutItsContent() {
        var original = record(Topics.COMMANDS, utf8("key"), new RecordHeaders().add("h", utf8("v")), utf8("large"));
        var letter =
                record(Topics.DEAD_LETTERS, utf8("any"), LetterCodec.buriedWithoutContent(original, "too large"), null);

        var decoded = ((LetterRecord.Buried) LetterCodec.decode(letter)).letter();

        assertThat(decoded.id()).isEqualTo(DeadLetter.idOf(Topics.COMMANDS, 3, 42));
        assertThat(decoded.key()).isEqualTo(Octets.of(utf8("key")));
        assertThat(decoded.content()).isEqualTo(new DeadLetter.Content(List.of(), null, true));
    }

    @Test
    void whatTheConnectorPutsThereIsALetterAsWell() {
        var headers = new RecordHeaders()
                .add("dead-letter-reason", utf8("its own"))
                .add("dead-letter-topic", utf8(Topics.COMPRESSIONS))
                .add("dead-letter-partition", utf8("7"))
                .add("dead-letter-offset", utf8("9"));

        var record = record(Topics.DEAD_LETTERS, utf8("key"), headers, utf8("value"));
        var letter = ((LetterRecord.Buried) LetterCodec.decode(record)).letter();

        assertThat(letter.id()).isEqualTo(DeadLetter.idOf(Topics.COMPRESSIONS, 7, 9));
        assertThat(letter.key()).isEqualTo(Octets.of(utf8("key")));
        assertThat(letter.reason()).isEqualTo("its own");
    }

    @Test
    void anyRecordAtAllIsALetter() {
        var headers = new RecordHeaders()
                .add("dead-letter-partition", utf8("seven"))
                .add("dead-letter-offset", null)
                .add("dead-letter-mark", utf8("retried"));

        var letter = LetterCodec.decode(record(Topics.DEAD_LETTERS, null, headers, null));

        assertThat(((LetterRecord.Buried) letter).letter().id()).isEqualTo(DeadLetter.idOf(Topics.DEAD_LETTERS, 3, 42));
    }

    @Test
    void marksAreReadBack() {
        var id = "l".repeat(24);

        assertThat(LetterCodec.decode(
                        record(Topics.DEAD_LETTERS, utf8(id), LetterCodec.retried(id, 2, OPERATION), null)))
                .isEqualTo(new LetterRecord.Retried(id, 2, OPERATION, DIED));
        assertThat(LetterCodec.decode(record(Topics.DEAD_LETTERS, utf8(id), LetterCodec.retried(id, 1, null), null)))
                .isEqualTo(new LetterRecord.Retried(id, 1, null, DIED));
        assertThat(LetterCodec.decode(record(Topics.DEAD_LETTERS, utf8(id), LetterCodec.discarded(id), null)))
                .isEqualTo(new LetterRecord.Discarded(id, DIED));
    }

    @Test
    void onlyACommandHasAnOperation() {
        var headers = new RecordHeaders().add("ce_id", utf8(OPERATION));

        assertThat(buried(record(Topics.EVENTS, null, headers, null)).operationId())
                .isNull();
        assertThat(buried(record(Topics.COMMANDS, null, new RecordHeaders().add("ce_id", utf8("../etc")), null))
                        .operationId())
                .isNull();
    }
}
