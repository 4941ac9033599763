package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.EnvironmentResource;
import dev.snapfork.event.EventType;
import dev.snapfork.query.EventContract;
import io.quarkus.test.junit.QuarkusTest;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Timeout(120)
class EventStreamTest {
    private static final String CREATED = "dev.snapfork.snapshot.created.v1";
    private static final String DELETED = "dev.snapfork.snapshot.deleted.v1";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    private static String bearer(List<String> permissions) {
        return "Bearer "
                + Tokens.signed(
                        Map.of("permissions", permissions),
                        AlgorithmIdentifiers.HMAC_SHA256,
                        EnvironmentResource.AUTH_SECRET);
    }

    @Test
    void whatHappensIsToldAsItHappens() throws Exception {
        var instance = guests.newStandby();
        try (var client = StreamClient.open("")) {
            var id = snapshots.take(instance, "Standby");

            var told = client.next(message -> message.name().equals(CREATED)
                    && message.json().get("subject").asText().equals(id));

            var event = told.json();
            assertThat(event.get("specversion").asText()).isEqualTo("1.0");
            assertThat(event.get("id").asText()).isEqualTo(id + "-1");
            assertThat(event.get("type").asText()).isEqualTo(CREATED);
            assertThat(event.get("sequence").asText()).isEqualTo("1");
            EventContract.checkData(EventType.parse(CREATED), event.get("data"));
        }
    }

    @Test
    void whoComesBackMissesNothingAndGetsNothingTwice() throws Exception {
        var instance = guests.newStandby();
        var first = "";
        var place = "";
        try (var client = StreamClient.open("?types=dev.snapfork.snapshot.*")) {
            var id = snapshots.take(instance, "Standby");
            first = id;
            place = client.next(message -> message.isEvent()
                            && message.json().get("subject").asText().equals(id))
                    .id();
        }
        var second = snapshots.take(instance, "Standby");
        api.delete("/snapshots/" + first).expect(204);
        api.delete("/snapshots/" + second).expect(204);

        try (var client = StreamClient.open("?types=dev.snapfork.snapshot.*", "Last-Event-ID", place)) {
            var third = snapshots.take(instance, "Standby");
            var told = client
                    .until(message -> message.json().get("subject").asText().equals(third))
                    .stream()
                    .map(message -> message.json().get("id").asText())
                    .toList();

            assertThat(told).doesNotContain(first + "-1").contains(first + "-2", second + "-1", second + "-2");
            assertThat(told).containsOnlyOnce(first + "-2").containsOnlyOnce(second + "-1");
        }
    }

    @Test
    void theWholeLogIsReadAndThenItIsOver() throws Exception {
        var instance = guests.newStandby();
        var id = snapshots.take(instance, "Standby");
        api.delete("/snapshots/" + id).expect(204);

        try (var client = StreamClient.open("?after=beginning&follow=false")) {
            var told = client.until(message -> false);

            assertThat(told)
                    .filteredOn(
                            message -> message.json().get("subject").asText().equals(id))
                    .extracting(StreamClient.Message::name)
                    .containsExactly(CREATED, DELETED);
            assertThat(told)
                    .allSatisfy(message -> EventContract.checkData(
                            EventType.parse(message.name()), message.json().get("data")));
        }
    }

    @Test
    void aTimeIsAPlaceToBeginAsWell() throws Exception {
        var instance = guests.newStandby();
        var before = snapshots.take(instance, "Standby");
        // the brokers' clock is this machine's
        Thread.sleep(50);
        var now = Instant.now();
        var after = snapshots.take(instance, "Standby");

        try (var client = StreamClient.open("?follow=false&types=" + CREATED + "&after=" + now)) {
            assertThat(client.until(message -> false))
                    .extracting(message -> message.json().get("subject").asText())
                    .contains(after)
                    .doesNotContain(before);
        }
    }

    @Test
    void onlyWhatIsAskedForIsTold() throws Exception {
        var instance = guests.newStandby();
        var one = snapshots.take(instance, "Standby");
        var other = snapshots.take(instance, "Standby");
        api.delete("/snapshots/" + one).expect(204);
        api.delete("/snapshots/" + other).expect(204);

        try (var client = StreamClient.open("?after=beginning&follow=false&subject=" + one + "&types=" + DELETED)) {
            assertThat(client.until(message -> false))
                    .extracting(message -> message.json().get("id").asText())
                    .containsExactly(one + "-2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "snapshot:read, dev.snapfork.snapshot.deleted.v1, dev.snapfork.instance.imported.v1",
        "instance:read, dev.snapfork.instance.imported.v1, dev.snapfork.snapshot.deleted.v1"
    })
    void aTokenSeesWhatItMayRead(String scope, String seen, String hidden) throws Exception {
        var id = snapshots.take(guests.newStandby(), "Standby");
        api.delete("/snapshots/" + id).expect(204);
        var token = bearer(List.of(scope));

        try (var client = StreamClient.open("?after=beginning&follow=false", "Authorization", token)) {
            assertThat(client.until(message -> false))
                    .extracting(StreamClient.Message::name)
                    .contains(seen)
                    .doesNotContain(hidden)
                    .noneMatch(name -> name.contains(".operation."));
        }
        assertThat(StreamClient.ask("?types=" + hidden, "Authorization", token).statusCode())
                .isEqualTo(403);
        assertThat(StreamClient.ask("", "Authorization", bearer(List.of("dead-letter:read")))
                        .statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?types=dev.snapfork.nothing", "?types=,", "?after=nowhere*", "?after=25:00", "?follow=maybe"})
    void whatCannotBeMeantIsRefusedInWords(String query) throws Exception {
        var response = StreamClient.ask(query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"code\":\"Bad Request\"", "\"message\":\"");
    }

    @Test
    void withoutATokenNothingIsTold() throws Exception {
        assertThat(StreamClient.ask("", "Authorization", "Bearer x").statusCode())
                .isEqualTo(401);
    }

    @Test
    void whileNothingHappensThereAreCommentsWithThePlace() throws Exception {
        try (var client = StreamClient.open("?subject=nobody")) {
            var quiet = client.next(message -> !message.isEvent());

            assertThat(quiet.fields()).containsKeys("", "id");
            assertThat(StreamClient.ask("?follow=false", "Last-Event-ID", quiet.id())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static final class Counting extends Handler {
        private final AtomicInteger lines;

        Counting(AtomicInteger lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord line) {
            lines.incrementAndGet();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static int statusOfAStream() {
        try {
            return StreamClient.ask("?follow=false").statusCode();
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aStreamEndsWithTheTokenThatItWasOpenedWith() throws Exception {
        // a token is taken for half a minute longer than it says
        var token = "Bearer "
                + Tokens.signed(
                        Map.of("exp", Instant.now().getEpochSecond() - 25),
                        AlgorithmIdentifiers.HMAC_SHA256,
                        EnvironmentResource.AUTH_SECRET);

        try (var client = StreamClient.open("?subject=nobody", "Authorization", token)) {
            var last = client.next(StreamClient.Message::isEvent);

            assertThat(last.name()).isEqualTo("dropped");
            assertThat(last.json().get("code").asText()).isEqualTo("token_expired");
            client.next(StreamClient.Message.END::equals);
        }
    }

    /** More of them than may follow at once, and than may be in work at once. */
    @Test
    void whoLeavesBeforeTheAnswerBeginsTakesNobodysPlace() throws Exception {
        var base = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
        var request =
                "GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Tokens.everything() + "\r\n\r\n";
        var lines = new AtomicInteger();
        var log = Logger.getLogger("org.jboss.resteasy.reactive.server.handlers");
        var handler = new Counting(lines);
        log.addHandler(handler);
        for (var i = 0; i < 6000; i++) {
            try (var socket = new Socket(base.getHost(), base.getPort())) {
                // it leaves with a reset, so that nothing can be written to it any more
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
        }

        Eventually.see(Duration.ofSeconds(30), EventStreamTest::statusOfAStream, Predicate.isEqual(200));
        log.removeHandler(handler);
        assertThat(lines).as("lines of the log about it").hasValue(0);
    }
}
