package dev.snapfork.api;

import static dev.snapfork.api.RawLog.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.deadletter.DeadLetter;
import dev.snapfork.operation.Cuid;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that nobody can handle. */
@QuarkusTest
class DeadLettersTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String DELETE = "snapshot.delete.v1";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    private static String newId() {
        return Cuid.random(RandomGenerator.getDefault());
    }

    private static String letterOf(RecordMetadata place) {
        return DeadLetter.idOf(place.topic(), place.partition(), place.offset());
    }

    private Answer awaitLetter(String id) {
        return Eventually.see(SOON, () -> api.get("/dead-letters/" + id), answer -> answer.status() == 200);
    }

    private Answer awaitEnd(String operation) {
        return Eventually.see(
                SOON,
                () -> api.get("/operations/" + operation),
                answer -> answer.status() == 200 && answer.json().has("finished_at"));
    }

    private static String base64(JsonNode octets) {
        var bytes = octets.has("text")
                ? utf8(octets.get("text").asText())
                : Base64.getDecoder().decode(octets.get("base64").asText());
        return Base64.getEncoder().encodeToString(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapfork.commands", "snapfork.compressions", "snapfork.verifications"})
    void aRecordThatCannotBeReadIsKeptAsItWasAndTheNextOnesAreHandled(String topic) {
        var key = new byte[] {(byte) 0xff, 0, 1};
        var value = new byte[] {'{', (byte) 0xc0, 0};

        var place = RawLog.put(topic, key, Map.of("h", "v"), value);

        var letter = awaitLetter(letterOf(place));
        assertThat(letter.text("topic")).isEqualTo(topic);
        assertThat(letter.number("partition")).isEqualTo(place.partition());
        assertThat(letter.number("offset")).isEqualTo(place.offset());
        assertThat(letter.text("reason")).contains("CloudEvent");
        assertThat(letter.text("state")).isEqualTo("open");
        assertThat(base64(letter.json().get("key")))
                .isEqualTo(Base64.getEncoder().encodeToString(key));
        assertThat(base64(letter.json().at("/content/value")))
                .isEqualTo(Base64.getEncoder().encodeToString(value));
        assertThat(letter.text("content/headers/0/name")).isEqualTo("h");
        assertThat(letter.text("content/headers/0/value/text")).isEqualTo("v");
        var snapshot = snapshots.take(guests.newStandby(), "Standby");
        snapshots.compress(snapshot, "").expect(200);
        api.post("/snapshots/" + snapshot + "/verify", "").expect(200);
    }

    @Test
    void theTopicHoldsTheRecordAsItWasWithWhatIsSaidAboutIt() {
        var value = "garbage " + newId();

        var place = RawLog.put("snapfork.commands", utf8("the key"), Map.of("h", "v"), utf8(value));

        var dead = EventLog.read(
                "snapfork.commands.dlq", entry -> value.equals(entry.data()), entry -> value.equals(entry.data()));
        assertThat(dead).hasSize(1);
        assertThat(dead.getFirst().raw().key()).isEqualTo(letterOf(place));
        assertThat(dead.getFirst().header("h")).isEqualTo("v");
        assertThat(dead.getFirst().header("dead-letter-key")).isEqualTo("the key");
        assertThat(dead.getFirst().header("dead-letter-reason")).contains("CloudEvent");
        assertThat(dead.getFirst().header("dead-letter-topic")).isEqualTo(place.topic());
        assertThat(dead.getFirst().header("dead-letter-partition")).isEqualTo(Integer.toString(place.partition()));
        assertThat(dead.getFirst().header("dead-letter-offset")).isEqualTo(Long.toString(place.offset()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapshot.paint.v1", "snapshot.delete.v2"})
    void anAcceptedCommandThatNoWorkerKnowsHasFailedAndSaysSo(String type) {
        var operation = newId();
        var snapshot = newId();
        // what a newer process has told of it
        RawLog.put("snapfork.progress", null, Map.of(), utf8("""
                {"id":"%s","kind":"snapshot.delete","status":"running","snapshot_id":"%s",
                "created_at":"2026-03-01T10:00:00Z","started_at":"2026-03-01T10:00:01Z"}""".formatted(operation, snapshot)));
        Eventually.see(SOON, () -> api.get("/operations/" + operation), answer -> answer.status() == 200);

        var place = RawLog.put(
                "snapfork.commands",
                utf8(snapshot),
                RawLog.command(operation, type, snapshot),
                utf8("{\"snapshot\":\"" + snapshot + "\"}"));

        var end = awaitEnd(operation);
        assertThat(end.text("status")).isEqualTo("failed");
        assertThat(end.text("kind")).isEqualTo("snapshot.delete");
        assertThat(end.text("snapshot_id")).isEqualTo(snapshot);
        assertThat(end.text("created_at")).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(end.text("error/code")).isEqualTo("internal_error");
        assertThat(end.text("error/message")).contains(letterOf(place), "unknown command type");
        assertThat(awaitLetter(letterOf(place)).text("operation_id")).isEqualTo(operation);
        assertThat(api.get("/dead-letters?operation_id=" + operation).ids()).containsExactly(letterOf(place));
    }

    @Test
    void aCommandThatNobodyHasHeardOfShowsAsFailedAsWell() {
        var operation = newId();

        RawLog.put("snapfork.commands", utf8(newId()), RawLog.command(operation, DELETE, "x"), utf8("[]"));

        var end = awaitEnd(operation);
        assertThat(end.text("status")).isEqualTo("failed");
        assertThat(end.text("kind")).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapfork.commands", "snapfork.compressions", "snapfork.verifications"})
    void unreadableCommandsWithAKeyThatNobodyKeepsHaveFailedAndHoldNobodyUp(String topic) {
        var operations = Stream.generate(DeadLettersTest::newId).limit(3).toList();

        operations.forEach(operation ->
                RawLog.put(topic, new byte[] {(byte) 0xff, 0, 1}, RawLog.command(operation, DELETE, "x"), utf8("[]")));

        operations.forEach(
                operation -> assertThat(awaitEnd(operation).text("status")).isEqualTo("failed"));
        snapshots.compress(snapshots.take(guests.newStandby(), "Standby"), "").expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud800"})
    void aCommandWithTextThatNobodyKeepsHasFailedBeforeAnythingIsDoneAboutIt(String character) {
        var operation = newId();
        var fork = newId();
        var snapshot = snapshots.take(guests.newStandby(), "Standby");

        var place = RawLog.put(
                "snapfork.commands",
                utf8(fork),
                RawLog.command(operation, "snapshot.fork.v1", fork),
                utf8("{\"snapshot\":\"" + snapshot + "\",\"instance\":\"" + fork + "\",\"name\":\"a" + character
                        + "\",\"target_state\":\"Standby\"}"));

        assertThat(awaitEnd(operation).text("error/message")).contains(letterOf(place), "cannot be kept");
        api.get("/instances/" + fork).expect(404);
    }

    @Test
    void aHandlerThatThrowsFailsItsCommandAndTheRetryIsANewOneThatSucceeds() throws IOException {
        var snapshot = snapshots.take(guests.newStopped(), "Stopped");
        String failed;
        // the JVM refuses to lock a file twice with an exception that nobody expects
        try (var channel = FileChannel.open(
                        guests.data()
                                .resolve("locks")
                                .resolve("%02x".formatted(Math.floorMod(snapshot.hashCode(), 256))),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            var answer = api.delete("/snapshots/" + snapshot).refuses(500, "internal_error", "dead letters");
            failed = api.get("/operations?kind=snapshot.delete&snapshot_id=" + snapshot)
                    .ids()
                    .getFirst();
            assertThat(answer.header("x-should-retry")).isEqualTo("false");
        }
        var id = Eventually.see(
                        SOON,
                        () -> api.get("/dead-letters?operation_id=" + failed).ids(),
                        ids -> !ids.isEmpty())
                .getFirst();
        assertThat(api.get("/operations/" + failed).text("error/message")).contains(id);

        var retried = api.post("/dead-letters/" + id + "/retry", "").expect(202);

        var operation = retried.text("retry_operation_id");
        assertThat(retried.header("Location")).isEqualTo("/operations/" + operation);
        assertThat(operation).isNotEqualTo(failed);
        assertThat(awaitEnd(operation).text("status")).isEqualTo("succeeded");
        api.get("/snapshots/" + snapshot).expect(404);
        assertThat(api.get("/operations/" + failed).text("status")).isEqualTo("failed");
        var shown = api.get("/dead-letters/" + id).expect(200);
        assertThat(shown.text("state")).isEqualTo("retried");
        assertThat(shown.number("retries")).isEqualTo(1);
        assertThat(shown.text("retry_operation_id")).isEqualTo(operation);
    }

    @Test
    void aSecondRetryIsAskedForByName() {
        var place = RawLog.put("snapfork.commands", utf8("k"), Map.of("h", "v"), utf8("again and again"));
        var id = letterOf(place);
        awaitLetter(id);
        api.post("/dead-letters/" + id + "/retry", "{}").expect(202);

        var refused = api.post("/dead-letters/" + id + "/retry", "{}");

        refused.refuses(409, "conflict", "published again before");
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
        assertThat(api.post("/dead-letters/" + id + "/retry", "{\"again\":true}")
                        .expect(202)
                        .number("retries"))
                .isEqualTo(2);
        // each came back to where it came from, and died there again
        var dead = EventLog.read(
                "snapfork.commands.dlq",
                entry -> "again and again".equals(entry.data()),
                entry -> entry.header("dead-letter-offset").equals(Long.toString(place.offset() + 2)));
        assertThat(dead).hasSize(3).allSatisfy(entry -> {
            assertThat(entry.header("dead-letter-key")).isEqualTo("k");
            assertThat(entry.header("h")).isEqualTo("v");
            assertThat(entry.header("dead-letter-partition")).isEqualTo(Integer.toString(place.partition()));
        });
    }

    @Test
    void lettersAreListedInPagesAndByWhatIsKnownOfThem() {
        var first = letterOf(RawLog.put("snapfork.compressions", null, Map.of(), utf8("one")));
        awaitLetter(first);
        var second = letterOf(RawLog.put("snapfork.compressions", null, Map.of(), null));
        awaitLetter(second);

        var page = api.get("/dead-letters?topic=snapfork.compressions&limit=1").expect(200);

        assertThat(page.ids()).containsExactly(second);
        assertThat(page.json().get(0).has("content")).isFalse();
        assertThat(api.get(Pages.next(page)).expect(200).ids()).containsExactly(first);
        assertThat(api.get("/dead-letters?topic=nowhere").expect(200).ids()).isEmpty();
        api.post("/dead-letters/" + first + "/retry", "").expect(202);
        assertThat(api.get("/dead-letters?state=open").ids()).contains(second).doesNotContain(first);
        assertThat(api.get("/dead-letters?state=retried").ids()).contains(first).doesNotContain(second);
        api.get("/dead-letters?state=lost").refuses(400, "Bad Request", "open, retried");
    }

    @Test
    void aLetterThatWasSeenToCanBeTakenOutOfTheList() {
        var id = letterOf(RawLog.put("snapfork.commands", null, Map.of(), utf8("seen to")));
        awaitLetter(id);

        api.delete("/dead-letters/" + id).expect(204);

        api.get("/dead-letters/" + id).refuses(404, "not_found", id);
        assertThat(api.get("/dead-letters").ids()).doesNotContain(id);
        api.delete("/dead-letters/" + id).expect(404);
        api.post("/dead-letters/" + id + "/retry", "").expect(404);
    }

    @Test
    void theirNumberIsOnTheMetricsPage() {
        awaitLetter(letterOf(RawLog.put("snapfork.commands", null, Map.of(), utf8("counted"))));

        var page = Eventually.see(SOON, () -> api.get("/q/metrics").body(), body -> body.lines()
                .anyMatch(line -> line.matches("snapfork_dead_letters_open [1-9].*")));

        assertThat(page).containsPattern("snapfork_dead_letters_buried_total\\{topic=\"snapfork.commands\"} [1-9]");
    }
}
