package dev.snapfork.deadletter;

import dev.snapfork.deadletter.DeadLetter.Content;
import dev.snapfork.log.Topics;
import dev.snapfork.operation.Cuid;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The frozen wire form of dead letters: the record as it was, with headers behind its own that say where it came from and why. The
 * key is the letter's id, so that what is said about a letter later stands behind it; the record's own key is in a header. Every
 * record can be read as a letter, also those that others put there in the connector's form.
 */
public final class LetterCodec {
    private static final String PREFIX = "dead-letter-";
    private static final String REASON = PREFIX + "reason";
    private static final String TOPIC = PREFIX + "topic";
    private static final String PARTITION = PREFIX + "partition";
    private static final String OFFSET = PREFIX + "offset";
    private static final String KEY = PREFIX + "key";
    private static final String ID = PREFIX + "id";
    private static final String OMITTED = PREFIX + "omitted";
    private static final String MARK = PREFIX + "mark";
    private static final String ATTEMPT = PREFIX + "attempt";
    private static final String OPERATION = PREFIX + "operation";
    private static final String RETRIED = "retried";
    private static final String DISCARDED = "discarded";
    private static final String OPERATION_OF_COMMAND = "ce_id";
    private static final int LONGEST_REASON = 2000;

    private LetterCodec() {}

    static Headers buried(ConsumerRecord<byte[], byte[]> original, String reason) {
        return about(original, reason, new RecordHeaders(original.headers().toArray()));
    }

    /** Of a record that is too large to be kept. */
    static Headers buriedWithoutContent(ConsumerRecord<byte[], byte[]> original, String reason) {
        return about(original, reason, new RecordHeaders()).add(OMITTED, utf8("headers,value"));
    }

    private static Headers about(ConsumerRecord<byte[], byte[]> original, String reason, Headers headers) {
        headers.add(REASON, utf8(cut(reason)))
                .add(TOPIC, utf8(original.topic()))
                .add(PARTITION, utf8(Integer.toString(original.partition())))
                .add(OFFSET, utf8(Long.toString(original.offset())))
                .add(ID, utf8(DeadLetter.idOf(original.topic(), original.partition(), original.offset())));
        return original.key() == null ? headers : headers.add(KEY, original.key());
    }

    static Headers retried(String letter, int attempt, @Nullable String operation) {
        var headers = mark(RETRIED, letter).add(ATTEMPT, utf8(Integer.toString(attempt)));
        return operation == null ? headers : headers.add(OPERATION, utf8(operation));
    }

    static Headers discarded(String letter) {
        return mark(DISCARDED, letter);
    }

    private static Headers mark(String what, String letter) {
        return new RecordHeaders().add(MARK, utf8(what)).add(ID, utf8(letter));
    }

    /** What a record of the dead-letter topic says; there is none that says nothing. */
    public static LetterRecord decode(ConsumerRecord<byte[], byte[]> record) {
        var headers = record.headers();
        var mark = text(headers, MARK);
        var letter = text(headers, ID);
        var at = Instant.ofEpochMilli(record.timestamp());
        // only one that says of which letter; a record that came here with such a header has others behind it
        if (letter != null && text(headers, TOPIC) == null) {
            if (RETRIED.equals(mark)) {
                return new LetterRecord.Retried(
                        letter, (int) number(headers, ATTEMPT, 1), text(headers, OPERATION), at);
            }
            if (DISCARDED.equals(mark)) {
                return new LetterRecord.Discarded(letter, at);
            }
        }
        return new LetterRecord.Buried(letter(record, at));
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record, Instant at) {
        var headers = record.headers();
        var named = text(headers, TOPIC);
        var topic = named == null ? record.topic() : named;
        var partition = (int) number(headers, PARTITION, record.partition());
        var offset = number(headers, OFFSET, record.offset());
        var reason = text(headers, REASON);
        var key = text(headers, ID) == null ? record.key() : value(headers, KEY);
        return new DeadLetter(
                DeadLetter.idOf(topic, partition, offset),
                topic,
                partition,
                offset,
                Octets.ofNullable(key),
                reason == null ? "no reason is given" : cut(reason),
                operation(topic, headers),
                at,
                record.value() == null ? 0 : record.value().length,
                new Content(original(headers), Octets.ofNullable(record.value()), headers.lastHeader(OMITTED) != null));
    }

    private static @Nullable String operation(String topic, Headers headers) {
        var id = text(headers, OPERATION_OF_COMMAND);
        return Topics.OF_COMMANDS.contains(topic) && id != null && Cuid.isValid(id) ? id : null;
    }

    /** The record's own headers: of each name that is ours the last was added here. */
    private static List<DeadLetter.Header> original(Headers headers) {
        var all = new ArrayList<Header>(List.of(headers.toArray()));
        Collections.reverse(all);
        Set<String> ours = new HashSet<>();
        all.removeIf(header -> header.key().startsWith(PREFIX) && ours.add(header.key()));
        Collections.reverse(all);
        return all.stream()
                .map(header -> new DeadLetter.Header(escaped(header.key()), Octets.ofNullable(header.value())))
                .toList();
    }

    /** The letter's record as it was, to be published again. */
    public static Headers headers(Content content) {
        var headers = new RecordHeaders();
        for (var header : content.headers()) {
            headers.add(
                    unescaped(header.name()),
                    header.value() == null ? null : header.value().bytes());
        }
        return headers;
    }

    private static String escaped(String name) {
        return name.replace("%", "%25").replace("\0", "%00");
    }

    private static String unescaped(String name) {
        return name.replace("%00", "\0").replace("%25", "%");
    }

    private static byte @Nullable [] value(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }

    private static @Nullable String text(Headers headers, String name) {
        var value = value(headers, name);
        return value == null ? null : new String(value, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }

    private static long number(Headers headers, String name, long otherwise) {
        var text = text(headers, name);
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static String cut(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
