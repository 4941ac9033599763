package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class IdempotencyTest {
    private static final String KEY = "Idempotency-Key";
    private static final String REPLAYED = "Idempotency-Replayed";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    /** The result of the first request, once another with the same key has brought the very same. */
    private Answer twice(String path, String body, String... headers) {
        var keyed = Stream.concat(Stream.of(KEY, newKey()), Stream.of(headers)).toArray(String[]::new);

        var first = api.post(path, body, keyed);
        var second = api.post(path, body, keyed);

        assertThat(first.header(REPLAYED)).isNull();
        assertThat(second.header(REPLAYED)).as(second.body()).isEqualTo("true");
        assertThat(second.status()).isEqualTo(first.status());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        return first;
    }

    @Test
    void aRequestThatIsSentAgainIsAnsweredTheSameAndMakesNoSecondCommand() {
        var name = Guests.newName("once");
        guests.standby(name);
        var instance = twice("/instances/import", """
                        {"name":"%s","hypervisor":"qemu","state":"Standby","directory":"%s"}""".formatted(name, name))
                .expect(201)
                .id();
        var snapshot = twice("/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}")
                .expect(201)
                .id();
        twice("/snapshots/" + snapshot + "/compress", "{}").expect(200);
        var fork = Guests.newName("once");
        twice("/snapshots/" + snapshot + "/fork", "{\"name\":\"%s\",\"target_state\":\"Standby\"}".formatted(fork))
                .expect(201);
        twice("/instances/" + instance + "/snapshots/" + snapshot + "/restore", "{\"target_state\":\"Standby\"}")
                .expect(200);

        assertThat(api.get("/operations?instance_id=" + instance).each("kind"))
                .containsExactly("snapshot.restore", "snapshot.create", "instance.import");
        assertThat(api.get("/operations?snapshot_id=" + snapshot).each("kind"))
                .containsExactly("snapshot.restore", "snapshot.fork", "snapshot.compress", "snapshot.create");
    }

    @Test
    void theAnswerIsWhatTheCommandCameToWhateverHasHappenedSince() {
        var snapshot = snapshots.take(guests.newStandby(), "Standby");
        var key = newKey();
        var body = "{\"name\":\"%s\",\"target_state\":\"Standby\"}".formatted(Guests.newName("gone"));
        var first = api.post("/snapshots/" + snapshot + "/fork", body, KEY, key).expect(201);

        api.delete("/instances/" + first.id()).expect(204);
        api.delete("/snapshots/" + snapshot).expect(204);

        var second = api.post("/snapshots/" + snapshot + "/fork", body, KEY, key);
        assertThat(second.expect(201).body()).isEqualTo(first.body());
        api.get("/instances/" + first.id()).expect(404);
    }

    @Test
    void aRefusalByTheWorkerIsAResultToo() {
        var instance = guests.newStopped();
        snapshots.create(instance, "Stopped", ",\"name\":\"taken\"").expect(201);

        var refused = twice("/instances/" + instance + "/snapshots", "{\"kind\":\"Stopped\",\"name\":\"taken\"}");

        refused.refuses(409, "conflict", "taken");
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void anotherBodyOrAnotherPathUnderTheSameKeyIsRefused() {
        var instance = guests.newStopped();
        var other = guests.newStopped();
        var key = newKey();
        var path = "/instances/" + instance + "/snapshots";
        api.post(path, "{\"kind\":\"Stopped\"}", KEY, key).expect(201);

        for (var body : List.of("{\"kind\":\"Stopped\",\"name\":\"b\"}", "{\"kind\": \"Stopped\"}", "", "{")) {
            api.post(path, body, KEY, key).refuses(422, "idempotency_key_reused", key);
        }
        api.post("/instances/" + other + "/snapshots", "{\"kind\":\"Stopped\"}", KEY, key)
                .refuses(422, "idempotency_key_reused", key);

        assertThat(api.get("/snapshots?source_instance_id=" + instance).ids()).hasSize(1);
        assertThat(api.get("/snapshots?source_instance_id=" + other).ids()).isEmpty();
    }

    @Test
    void aRebuildIsAskedForOnceHoweverOftenItIsSent() {
        var epoch = twice("/read-model/rebuild", "").expect(202).number("epoch");

        assertThat(api.post("/read-model/rebuild", "", KEY, newKey())
                        .expect(202)
                        .number("epoch"))
                .isEqualTo(epoch + 1);
    }

    @Test
    void cancellingThatIsSentAgainIsAnsweredTheSame() {
        var snapshot = snapshots.take(guests.newStandby(), "Standby");
        var path = "/operations/"
                + api.get("/operations?snapshot_id=" + snapshot).ids().getFirst() + "/cancel";

        twice(path, "").refuses(409, "already_ended", "succeeded");

        var key = newKey();
        api.post("/operations/nobody/cancel", "", KEY, key).expect(404);
        api.post(path, "", KEY, key).refuses(409, "already_ended", "succeeded");
    }

    @Test
    void aKeyStandsForOneRequestWhetherItMadeACommandOrNot() {
        var instance = guests.newStopped();
        var path = "/instances/" + instance + "/snapshots";
        var commands = newKey();
        var others = newKey();
        api.post(path, "{\"kind\":\"Stopped\"}", KEY, commands).expect(201);
        api.post("/read-model/rebuild", "", KEY, others).expect(202);

        api.post("/read-model/rebuild", "", KEY, commands).refuses(422, "idempotency_key_reused", commands);
        api.post("/read-model/rebuild", "{}", KEY, others).refuses(422, "idempotency_key_reused", others);
        api.post(path, "{\"kind\":\"Stopped\"}", KEY, others).refuses(422, "idempotency_key_reused", others);

        assertThat(api.get("/snapshots?source_instance_id=" + instance).ids()).hasSize(1);
    }

    @Test
    void aRequestThatMadeNoCommandUsesNoKeyUp() {
        var instance = guests.newStopped();
        var key = newKey();
        var path = "/instances/" + instance + "/snapshots";

        api.post(path, "{\"kind\":\"Nothing\"}", KEY, key).expect(400);
        api.post(path, "{\"kind\":\"Stopped\",\"compression\":{\"enabled\":true}}", KEY, key)
                .refuses(400, "invalid_snapshot_compression", "Standby");
        api.post("/instances/nobody/snapshots", "{\"kind\":\"Stopped\"}", KEY, key)
                .expect(404);

        var made = api.post(path, "{\"kind\":\"Stopped\"}", KEY, key).expect(201);
        assertThat(made.header(REPLAYED)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "tab\there"})
    void whatCannotBeAKeyIsABadRequest(String key) {
        var instance = guests.newStopped();

        api.post("/instances/" + instance + "/snapshots", "{\"kind\":\"Stopped\"}", KEY, key)
                .refuses(400, "Bad Request", "Idempotency-Key");
        api.post("/instances/" + instance + "/snapshots", "{\"kind\":\"Stopped\"}", KEY, "k".repeat(256))
                .refuses(400, "Bad Request", "1 to 255 characters");

        assertThat(api.get("/snapshots?source_instance_id=" + instance).ids()).isEmpty();
    }

    @Test
    void ofManyThatAreSentAtOnceOneMakesTheCommand() throws InterruptedException, ExecutionException {
        var instance = guests.newStandby();
        var path = "/instances/" + instance + "/snapshots";
        for (var round = 0; round < 5; round++) {
            var key = newKey();
            var calls = new ArrayList<Callable<Answer>>();
            for (var i = 0; i < 6; i++) {
                calls.add(() -> api.post(path, "{\"kind\":\"Standby\"}", KEY, key));
            }
            var answers = new ArrayList<Answer>();
            try (var threads = Executors.newFixedThreadPool(calls.size())) {
                for (var answer : threads.invokeAll(calls, LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    answers.add(answer.get());
                }
            }

            assertThat(answers).filteredOn(answer -> answer.status() != 409).isNotEmpty();
            var made = answers.stream()
                    .filter(answer -> answer.status() != 409)
                    .map(Answer::body)
                    .toList();
            assertThat(made).containsOnly(made.getFirst());
            answers.stream().filter(answer -> answer.status() == 409).forEach(answer -> {
                answer.refuses(409, "operation_in_progress", "/operations/");
                assertThat(answer.header("x-should-retry")).isEqualTo("true");
                assertThat(Long.parseLong(String.valueOf(answer.header("Retry-After"))))
                        .isBetween(1L, 16L);
                assertThat(api.get(String.valueOf(answer.header("Location"))).status())
                        .isIn(200, 404);
            });
            assertThat(api.get("/snapshots?source_instance_id=" + instance).ids())
                    .hasSize(round + 1);
            assertThat(api.get("/operations?kind=snapshot.create&instance_id=" + instance)
                            .ids())
                    .hasSize(round + 1);
        }
    }

    @Test
    void whileTheFirstIsInWorkTheOthersAreToldWhereToLook() {
        var name = Guests.newName("slow");
        guests.standby(name, 48L << 20, 1);
        var snapshot =
                snapshots.take(guests.imported(name, "Standby", "").expect(201).id(), "Standby");
        var key = newKey();
        var path = "/snapshots/" + snapshot + "/compress";
        var first = api.post(path, "{\"level\":19}", KEY, key, "Prefer", "respond-async")
                .expect(202);
        var location = String.valueOf(first.header("Location"));

        var waiting = api.post(path, "{\"level\":19}", KEY, key);
        var asynchronous = api.post(path, "{\"level\":19}", KEY, key, "Prefer", "respond-async");

        waiting.refuses(409, "operation_in_progress", location);
        assertThat(waiting.header("Location")).isEqualTo(location);
        assertThat(waiting.header(REPLAYED)).isNull();
        assertThat(asynchronous.expect(202).body()).isEqualTo(first.body());
        assertThat(asynchronous.header(REPLAYED)).isEqualTo("true");
        assertThat(asynchronous.header("Location")).isEqualTo(location);
        api.post(location + "/cancel", "").expect(200);
        var ended = api.post(path, "{\"level\":19}", KEY, key);
        ended.refuses(409, "cancelled", "cancelled");
        assertThat(ended.header(REPLAYED)).isEqualTo("true");
        assertThat(ended.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void whoWouldRatherNotWaitGetsTheSame202EvenWhenAllIsDone() {
        var instance = guests.newStopped();

        var accepted =
                twice("/instances/" + instance + "/snapshots", "{\"kind\":\"Stopped\"}", "Prefer", "respond-async");

        assertThat(accepted.expect(202).text("status")).isEqualTo("accepted");
        Eventually.see(
                LIMIT,
                () -> api.get(String.valueOf(accepted.header("Location"))).text("status"),
                status -> status.equals("succeeded"));
    }
}
