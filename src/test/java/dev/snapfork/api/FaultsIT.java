package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.local.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged service with workers that die, stand still or find their disk full at a step that is told them. */
@Timeout(900)
class FaultsIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int KILLED = 137;
    private static final long MEMORY_BYTES = 8L << 20;
    /** Also every step of every kind of command, which takes a quarter of an hour. */
    private static final boolean ALL = Boolean.getBoolean("snapfork.test.every-step");

    private static final List<String> STEPS = List.of(
            "command-begun",
            "name-claimed",
            "space-reserved",
            "staging-made",
            "files-copied",
            "memory-decoded",
            "compression-begun",
            "memory-compressed",
            "staged",
            "renamed",
            "exchanged",
            "memory-announced",
            "memory-renamed",
            "manifest-swapped",
            "trashed",
            "committed",
            "event-published",
            "follow-up-published",
            "name-released",
            "end-recorded",
            "end-published",
            "staging-emptied",
            "trash-emptied",
            "acknowledged");

    private final List<ServiceProcess> processes = new ArrayList<>();
    private Path data = Path.of("");

    @BeforeEach
    void makeTheDataDirectory() throws IOException {
        data = Files.createTempDirectory("snapfork-faults-");
    }

    @AfterEach
    void stop() throws IOException {
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

    private ServiceProcess worker(String plan) throws IOException {
        return start(
                "worker",
                Map.of(
                        "snapfork.instance-id", "worker",
                        "snapfork.faults.enabled", "true",
                        "snapfork.faults.plan", plan,
                        "snapfork.worker.retry-limit", "1S",
                        "snapfork.worker.keep-free", "0"));
    }

    /** A request, and what dies when a worker has come so far with it. */
    private record Death(String kind, String plan) {}

    /** One for each kind of command, where it hurts most. */
    private static List<Death> deaths() {
        if (ALL) {
            return Stream.of("import", "create", "compress", "fork", "restore", "delete", "delete-instance")
                    .flatMap(kind -> STEPS.stream().map(step -> new Death(kind, step + "=halt")))
                    .toList();
        }
        return List.of(
                new Death("import", "renamed=halt"),
                new Death("create", "staged=halt"),
                new Death("compress", "memory-renamed=halt"),
                new Death("fork", "memory-decoded=halt"),
                new Death("restore", "exchanged=halt"),
                new Death("delete", "trashed=halt"),
                new Death("fork", "end-recorded#2=halt"));
    }

    @Test
    void commandsWhoseWorkersDieSettleOnceAndNothingIsLost() throws IOException {
        var api = ApiClient.at(start("api,projection", Map.of()).awaitReady());
        var guests = new Guests(data, api);
        var snapshots = new Snapshots(api);
        var calm = worker("");
        calm.awaitReady();
        var requests = new Requests(api, guests, snapshots, data);
        requests.prepare(ALL ? STEPS.size() : 1);
        calm.close();

        var operations = new ArrayList<String>();
        var died = 0;
        for (var death : deaths()) {
            var worker = worker(death.plan());
            var operation = requests.send(death.kind());
            operations.add(operation);
            Eventually.see(LIMIT, () -> !worker.alive() || isSettled(api, operation), over -> over);
            if (!worker.alive()) {
                assertThat(worker.status()).as(worker.log()).isEqualTo(KILLED);
                assertThat(worker.log()).contains("FAULTS ARE INJECTED ON PURPOSE");
                died++;
            }
            worker.close();
        }
        start("worker", Map.of("snapfork.instance-id", "worker")).awaitReady();

        for (var operation : operations) {
            Eventually.see(LIMIT, () -> isSettled(api, operation), settled -> settled);
            assertThat(api.get("/operations/" + operation).text("status")).isEqualTo("succeeded");
        }
        assertThat(died).isGreaterThanOrEqualTo(ALL ? deaths().size() / 3 : deaths().size());
        requests.assertAllMemoryIsWhatItWas();
        Eventually.see(LIMIT, this::leftovers, List::isEmpty);
        assertOneEndEach(operations);
        System.out.printf("%d commands, %d of whose workers died%n", operations.size(), died);
    }

    private static boolean isSettled(ApiClient api, String operation) {
        var answer = api.get("/operations/" + operation);
        return answer.status() == 200
                && List.of("succeeded", "failed", "rejected", "cancelled").contains(answer.text("status"));
    }

    private static void assertOneEndEach(List<String> operations) {
        Map<String, String> ends = new HashMap<>();
        EventLog.read(
                entry -> entry.type().contains(".operation.")
                        && operations.contains(entry.raw().key()),
                entry -> {
                    var before = ends.put(String.valueOf(entry.raw().key()), String.valueOf(entry.data()));
                    assertThat(before).isIn(null, entry.data());
                    return ends.keySet().containsAll(operations);
                });
        assertThat(ends.keySet()).containsAll(operations);
    }

    private List<String> leftovers() {
        return Stream.of("staging", "trash")
                .flatMap(place -> {
                    try (var entries = Files.list(data.resolve(place))) {
                        return entries.map(Path::toString).toList().stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    @Test
    void aWorkerThatStoodStillDoesNotFinishOverItsSuccessorsWork() throws IOException {
        var api = ApiClient.at(start("api,projection", Map.of()).awaitReady());
        var guests = new Guests(data, api);
        var snapshots = new Snapshots(api);
        var slowly = Map.of(
                "snapfork.worker.compression-rate", "4MB",
                "mp.messaging.connector.smallrye-kafka.session.timeout.ms", "6000");
        var first = start("worker", slowly);
        first.awaitReady();
        var name = Guests.newName("zombie");
        guests.standby(name, 4 * MEMORY_BYTES, 1);
        var instance = guests.imported(name, "Standby", "").expect(201).id();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = snapshots.take(instance, "Standby");
        var operation = api.post("/snapshots/" + snapshot + "/compress", "{\"level\":3}", "Prefer", "respond-async")
                .expect(202)
                .id();
        Eventually.see(LIMIT, () -> api.get("/operations/" + operation).expect(200), a -> a.json()
                .has("progress"));

        first.pause();
        var second = start("worker", Map.of());
        second.awaitReady();
        var settled = snapshots.settled(snapshot);
        first.resume();
        // it hears of its partitions' loss before or after it finds that its attempt is not the latest
        Eventually.see(
                LIMIT,
                first::log,
                log -> log.contains("handed back: operation=" + operation)
                        || log.contains("settled: operation=" + operation));

        assertThat(settled.text("compression_state")).as(settled.body()).isEqualTo("compressed");
        assertThat(api.get("/operations/" + operation).text("status")).isEqualTo("succeeded");
        assertThat(api.get("/snapshots/" + snapshot).json()).isEqualTo(settled.json());
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot)))).isEqualTo(original);
        assertOneEndEach(List.of(operation));
        Eventually.see(LIMIT, this::leftovers, List::isEmpty);
    }

    @Test
    void aDiskThatIsFullIsToldPlainlyAndEverythingWorksAgainWhenItIsNot() throws IOException {
        var api = ApiClient.at(start("api,projection", Map.of()).awaitReady());
        var guests = new Guests(data, api);
        var snapshots = new Snapshots(api);
        var calm = worker("");
        calm.awaitReady();
        var instance = guests.newStandby();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = snapshots.take(instance, "Standby");
        calm.close();
        var full = worker("disk-create#3=enospc*,disk-write#2=enospc*");
        full.awaitReady();

        snapshots.create(instance, "Standby", "").refuses(409, "insufficient_resources", "free some");
        snapshots
                .fork(snapshot, "\"name\":\"full\",\"target_state\":\"Standby\"")
                .refuses(409, "insufficient_resources", "free some");
        snapshots.compress(snapshot, "\"level\":1").refuses(409, "insufficient_resources", "free some");
        assertThat(api.get("/snapshots").expect(200).ids()).contains(snapshot);
        full.close();

        var small = start("worker", Map.of("snapfork.instance-id", "worker", "snapfork.worker.keep-free", "1P"));
        small.awaitReady();
        snapshots
                .fork(snapshot, "\"name\":\"full\",\"target_state\":\"Standby\"")
                .refuses(409, "insufficient_resources", "delete snapshots");
        small.close();

        start("worker", Map.of("snapfork.instance-id", "worker")).awaitReady();
        snapshots.compress(snapshot, "\"level\":1").expect(200);
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot)))).isEqualTo(original);
        Eventually.see(LIMIT, this::leftovers, List::isEmpty);
    }
}
