package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.operation.Cuid;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client on a socket of its own that reads nothing while much is told. */
@QuarkusTest
@Timeout(180)
class SlowStreamTest {
    private static final String TYPE = "dev.snapfork.instance.verified.v1";
    private static final int EVENTS = 6_000;
    private static final int BATCH = 200;
    private static final int EVENT_BYTES = 8_192;
    private static final int RECEIVE_BUFFER_BYTES = 16_384;
    /** What the kernel keeps for a socket at most, both ends together; and what the HTTP server does. */
    private static final long KEPT_BYTES = 12L << 20;

    private static final int PATIENCE_MILLIS = 60_000;

    private final String subject = Cuid.random(RandomGenerator.getDefault());

    /** A connection on which the events were asked for. */
    private static Socket ask() throws IOException {
        var base = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
        var socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
        var request = "GET /events?types=" + TYPE + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + Tokens.everything() + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Findings about what is not there, which nothing shows. */
    private void tell(KafkaProducer<byte[], byte[]> producer, int from) throws Exception {
        var padding = "x".repeat(EVENT_BYTES);
        for (var sequence = from; sequence < from + BATCH; sequence++) {
            var headers = new RecordHeaders();
            Map.of(
                            "content-type",
                            "application/json",
                            "ce_specversion",
                            "1.0",
                            "ce_id",
                            subject + "/health-" + sequence,
                            "ce_type",
                            TYPE,
                            "ce_source",
                            "/tests",
                            "ce_subject",
                            subject + "/health",
                            "ce_time",
                            "2026-03-01T10:00:00Z",
                            "ce_sequence",
                            Integer.toString(sequence))
                    .forEach((name, text) -> headers.add(name, RawLog.utf8(text)));
            var data =
                    "{\"health\":{\"subject\":\"instance\",\"id\":\"%s\",\"state\":\"healthy\",\"checked_at\":\"2026-03-01T10:00:00Z\",\"version\":%d},\"padding\":\"%s\"}"
                            .formatted(subject, sequence, padding);
            var unused = producer.send(new ProducerRecord<>(
                    EventLog.TOPIC, null, null, RawLog.utf8(subject + "/health"), RawLog.utf8(data), headers));
        }
        producer.flush();
    }

    /** All that is still to be read, up to the word of being dropped. */
    private static String rest(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        var text = new StringBuilder();
        var buffer = new byte[1 << 16];
        try {
            for (var count = socket.getInputStream().read(buffer);
                    count >= 0;
                    count = socket.getInputStream().read(buffer)) {
                text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
                if (text.indexOf("slow_consumer", Math.max(0, text.length() - 2 * buffer.length)) >= 0
                        && text.toString().endsWith("\r\n0\r\n\r\n")) {
                    break;
                }
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError(
                    "the stream did not end; its last words: " + text.substring(Math.max(0, text.length() - 300)), e);
        }
        return text.toString();
    }

    @Test
    void whoReadsNothingIsDroppedWithTheReasonAndOthersAreToldEverything() throws Exception {
        try (var slow = ask();
                var fast = StreamClient.open("?types=" + TYPE);
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", SharedEnvironment.get().bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            // whoever opens the log after this one has been let in as well
            for (var told = 0; told < EVENTS; told += BATCH) {
                tell(producer, told + 1);
                for (var sequence = told + 1; sequence <= told + BATCH; sequence++) {
                    var event = fast.next(message -> message.isEvent()
                            && message.json().get("subject").asText().equals(subject + "/health"));
                    assertThat(event.json().get("id").asText()).isEqualTo(subject + "/health-" + sequence);
                }
            }
            // longer than a client may take nothing
            TimeUnit.SECONDS.sleep(35);

            var rest = rest(slow);

            assertThat(rest.substring(rest.length() - 400))
                    .contains("event:dropped", "\"code\":\"slow_consumer\"", "come back with Last-Event-ID");
            assertThat((long) rest.length())
                    .as("what was kept for it, of " + (long) EVENTS * EVENT_BYTES)
                    .isLessThan(KEPT_BYTES);
            assertThat(rest).contains("event:" + TYPE);
            // the other one is still told what comes
            tell(producer, EVENTS + 1);
            assertThat(fast.nextEvent().json().get("id").asText()).isEqualTo(subject + "/health-" + (EVENTS + 1));
        }
    }
}
