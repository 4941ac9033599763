package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snapfork.local.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys, cancelling and bounds with processes that are several, die and stop. */
@Timeout(300)
class ReplicasIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long MEMORY_BYTES = 64L << 20;
    private static final Map<String, String> SLOWLY = Map.of("snapfork.worker.compression-rate", "4MB");
    private static final String KEY = "Idempotency-Key";

    private final List<ServiceProcess> processes = new ArrayList<>();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private Path data = Path.of("");

    @BeforeEach
    void makeTheDataDirectory() throws IOException {
        data = Files.createTempDirectory("snapfork-replicas-");
    }

    @AfterEach
    void stop() throws IOException {
        callers.shutdownNow();
        for (var process : processes.reversed()) {
            process.close();
        }
        Trees.delete(data);
    }

    private ServiceProcess start(String roles, Map<String, String> more) throws IOException {
        var process = ServiceProcess.start(roles, data, more);
        processes.add(process);
        return process;
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    private String largeInstance(ApiClient api) {
        var guests = new Guests(data, api);
        var name = Guests.newName("large");
        guests.standby(name, MEMORY_BYTES, 1);
        return guests.imported(name, "Standby", "").expect(201).id();
    }

    private static void awaitProgress(ApiClient api, String operation) {
        Eventually.see(LIMIT, () -> api.get("/operations/" + operation).expect(200), answer -> answer.json()
                .has("progress"));
    }

    private static String newest(ApiClient api, String query) {
        return Eventually.see(
                        LIMIT, () -> api.get("/operations?" + query).expect(200).ids(), ids -> !ids.isEmpty())
                .getFirst();
    }

    @Test
    void aKeyStandsForTheSameCommandOnEveryReplicaAndAfterTheFirstWasKilled() throws IOException {
        var mortal = start("api", Map.of());
        var survivor = ApiClient.at(start("api,worker,projection", SLOWLY).awaitReady());
        var first = ApiClient.at(mortal.awaitReady());
        var snapshot = new Snapshots(survivor).take(largeInstance(survivor), "Standby");
        var fork = "/snapshots/" + snapshot + "/fork";
        var body = "{\"name\":\"%s\",\"target_state\":\"Standby\"}".formatted(Guests.newName("fork"));
        var key = newKey();

        var made = first.post(fork, body, KEY, key).expect(201);
        var again = survivor.post(fork, body, KEY, key).expect(201);
        survivor.post(fork, "{\"name\":\"other\"}", KEY, key).refuses(422, "idempotency_key_reused", key);

        assertThat(again.body()).isEqualTo(made.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");

        var compress = "/snapshots/" + snapshot + "/compress";
        var slow = newKey();
        var waiting = callers.submit(() -> first.post(compress, "{}", KEY, slow));
        var operation = newest(survivor, "kind=snapshot.compress&snapshot_id=" + snapshot);
        awaitProgress(survivor, operation);
        mortal.kill();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(UncheckedIOException.class);

        survivor.post(compress, "{}", KEY, slow).refuses(409, "operation_in_progress", operation);
        survivor.post("/operations/" + operation + "/cancel", "").expect(200);
        var end = survivor.post(compress, "{}", KEY, slow);
        end.refuses(409, "cancelled", "on request");
        assertThat(end.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(survivor.get("/operations?kind=snapshot.compress&snapshot_id=" + snapshot)
                        .ids())
                .containsExactly(operation);
    }

    @Test
    void whatIsCancelledWhileNoWorkerLivesIsCancelledWhenOneDoes() throws IOException {
        var mortal = start("worker", SLOWLY);
        var api = ApiClient.at(start("api,projection", Map.of()).awaitReady());
        mortal.awaitReady();
        var guests = new Guests(data, api);
        var snapshots = new Snapshots(api);
        var instance = largeInstance(api);
        var original = Sha256.of(guests.memory(instance));
        var snapshot = snapshots.take(instance, "Standby");
        var other = snapshots.take(instance, "Standby");
        var bystander = guests.newStopped();
        var running = async(api, "POST", "/snapshots/" + snapshot + "/compress", "{}");
        awaitProgress(api, running);
        mortal.kill();
        var importing = Guests.newName("queued");
        guests.stopped(importing);
        var queued = new LinkedHashMap<String, String>();
        queued.put("import", async(api, "POST", "/instances/import", """
                {"name":"%s","hypervisor":"qemu","state":"Stopped","directory":"%s"}""".formatted(importing, importing)));
        queued.put("create", async(api, "POST", "/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}"));
        queued.put("fork", async(api, "POST", "/snapshots/" + other + "/fork", "{\"name\":\"unborn\"}"));
        queued.put("restore", async(api, "POST", "/instances/" + instance + "/snapshots/" + other + "/restore", "{}"));
        queued.put("compress", async(api, "POST", "/snapshots/" + other + "/compress", "{}"));
        queued.put("delete snapshot", async(api, "DELETE", "/snapshots/" + other, null));
        queued.put("delete instance", async(api, "DELETE", "/instances/" + bystander, null));

        var all = Stream.concat(Stream.of(running), queued.values().stream()).toList();
        all.forEach(operation -> api.post("/operations/" + operation + "/cancel", "", "Prefer", "respond-async")
                .expect(202));
        start("worker", SLOWLY).awaitReady();

        for (var operation : all) {
            var end = Eventually.see(
                    LIMIT, () -> api.get("/operations/" + operation).expect(200), answer -> answer.json()
                            .has("finished_at"));
            assertThat(end.text("status")).as(end.body()).isEqualTo("cancelled");
        }
        for (var kept : List.of(snapshot, other)) {
            assertThat(api.get("/snapshots/" + kept).expect(200).text("compression_state"))
                    .isEqualTo("none");
            assertThat(Sha256.of(Snapshots.memory(guests.payload(kept)))).isEqualTo(original);
        }
        api.get("/instances/" + bystander).expect(200);
        assertThat(api.get("/instances/" + instance).expect(200).number("version"))
                .isEqualTo(1);
        assertThat(guests.importDirectory(importing)).isDirectory();
        assertThat(api.get("/snapshots?source_instance_id=" + instance).ids()).containsExactly(other, snapshot);
        // what comes behind them in the log is done
        guests.imported(importing, "Stopped", "").expect(201);
        snapshots.take(instance, "Standby");
        api.delete("/snapshots/" + other).expect(204);
        api.delete("/instances/" + bystander).expect(204);
        guests.leaveNothingBehind();
    }

    private static String async(ApiClient api, String method, String path, @Nullable String body) {
        return api.send(method, path, body, "Prefer", "respond-async")
                .expect(202)
                .id();
    }

    @Test
    void whoComesWhenTooMuchIsInWorkIsToldToComeLaterAndWhoWaitsWhenTheProcessStopsWhereToLook() throws Exception {
        var narrow = start(
                "api,projection", Map.of("snapfork.api.max-waiting", "2", "snapfork.api.max-body-bytes", "256KB"));
        var base = narrow.awaitReady();
        var api = ApiClient.at(base);
        var before = acceptedImports(api);
        var key = newKey();
        var plain = callers.submit(() -> nothingToImport(api, "plain"));
        var keyed = callers.submit(() -> nothingToImport(api, "keyed", KEY, key));
        Eventually.see(LIMIT, () -> acceptedImports(api), accepted -> accepted == before + 2);

        var third = newKey();
        var refused = nothingToImport(api, "third", KEY, third);
        refused.refuses(429, "too_many_requests", "wait");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        api.get("/operations").expect(200);
        StuckBody.keepsOthersOutUntilItsConnectionIsGone(base, api);

        narrow.close();
        var unsafe = told(plain);
        var safe = told(keyed);
        assertThat(unsafe.header("x-should-retry")).isEqualTo("false");
        assertThat(safe.header("x-should-retry")).isNull();

        var next = ApiClient.at(start("api,projection", Map.of()).awaitReady());
        var again = nothingToImport(next, "keyed", KEY, key);
        again.refuses(409, "operation_in_progress", String.valueOf(safe.header("Location")));
        start("worker", Map.of()).awaitReady();
        for (var answer : List.of(unsafe, safe)) {
            Eventually.see(
                    LIMIT,
                    () -> next.get(String.valueOf(answer.header("Location"))).text("status"),
                    status -> status.equals("rejected"));
        }
        nothingToImport(next, "keyed", KEY, key).refuses(400, "invalid_request", "directory");
        // the one that was refused used no key up
        nothingToImport(next, "another", KEY, third).refuses(400, "invalid_request", "directory");
    }

    @Test
    void whatWasAcceptedIsToBeSeenAlthoughNoProjectionRuns() throws IOException {
        var api = ApiClient.at(start("api", Map.of()).awaitReady());

        var accepted = nothingToImport(api, "unseen", "Prefer", "respond-async").expect(202);

        var seen = api.get(String.valueOf(accepted.header("Location"))).expect(200);
        assertThat(seen.text("status")).isEqualTo("accepted");
        assertThat(seen.body()).isEqualTo(accepted.body());
        api.post(accepted.header("Location") + "/cancel", "", "Prefer", "respond-async")
                .expect(202);
    }

    /** A command for the worker, if there is one, to reject. */
    private static Answer nothingToImport(ApiClient api, String name, String... headers) {
        return api.post("/instances/import", """
                {"name":"%s","hypervisor":"qemu","state":"Stopped","directory":"nothing"}""".formatted(name), headers);
    }

    private static int acceptedImports(ApiClient api) {
        return api.get("/operations?status=accepted&kind=instance.import")
                .expect(200)
                .ids()
                .size();
    }

    private static Answer told(Future<Answer> waiting) throws Exception {
        var answer = waiting.get();
        answer.refuses(503, "unavailable", "stops");
        assertThat(answer.header("Location")).startsWith("/operations/");
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        return answer;
    }

    @Test
    void noMoreCommandsAreAcceptedThanMayBeOpen() throws IOException {
        var wide = ApiClient.at(start("api,projection", Map.of()).awaitReady());
        var before = wide.get("/operations?status=accepted").ids().size()
                + wide.get("/operations?status=running").ids().size();
        var most = Integer.toString(before + 3);
        var bounded = ApiClient.at(
                start("api", Map.of("snapfork.api.max-open-operations", most)).awaitReady());
        for (var name : List.of("one", "two", "three")) {
            nothingToImport(bounded, name, "Prefer", "respond-async").expect(202);
        }

        var refused = nothingToImport(bounded, "four", "Prefer", "respond-async");
        refused.refuses(429, "too_many_requests", most + " operations");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        // how to make room is not refused
        var open = newest(bounded, "status=accepted&kind=instance.import");
        bounded.post("/operations/" + open + "/cancel", "", "Prefer", "respond-async")
                .expect(202);

        start("worker", Map.of()).awaitReady();
        Eventually.see(
                LIMIT,
                () -> nothingToImport(bounded, "five", "Prefer", "respond-async")
                        .status(),
                status -> status == 202);
    }
}
