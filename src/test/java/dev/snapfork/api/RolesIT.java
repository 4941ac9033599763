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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged service, each role in a process of its own. */
@Timeout(300)
class RolesIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long MEMORY_BYTES = 32L << 20;
    /** Slow enough that a worker can be killed after its first checkpoint and before the end. */
    private static final String COMPRESSION_RATE = "4MB";

    private static final long JOURNAL_WITHOUT_CHECKPOINTS = 40;

    private final List<ServiceProcess> processes = new ArrayList<>();
    private Path data = Path.of("");

    @BeforeEach
    void makeTheDataDirectory() throws IOException {
        data = Files.createTempDirectory("snapfork-roles-");
    }

    @AfterEach
    void stop() throws IOException {
        for (var process : processes.reversed()) {
            process.close();
        }
        Trees.delete(data);
    }

    private ServiceProcess start(String roles) throws IOException {
        var slowly = Map.of("snapfork.worker.compression-rate", COMPRESSION_RATE);
        var process = ServiceProcess.start(roles, data, roles.equals("worker") ? slowly : Map.of());
        processes.add(process);
        return process;
    }

    @Test
    void anApiThatCouldVerifyNoTokenEndsAtItsStartAndOthersNeedNone() throws IOException {
        var nothing = Map.of("snapfork.auth.secret", "");
        var api = ServiceProcess.start("api", data, nothing);
        processes.add(api);
        var projection = ServiceProcess.start("projection", data, nothing);
        processes.add(projection);

        projection.awaitReady();
        assertThat(Eventually.see(LIMIT, api::alive, alive -> !alive)).isFalse();
        assertThat(api.status()).isNotZero();
        assertThat(api.log()).contains("nothing to verify bearer tokens with: set snapfork.auth.secret-file");
    }

    @Test
    void theRolesDoTheJobTogetherAndAKilledWorkersCommandSettlesOnce() throws IOException {
        var starting = start("api");
        var worker = start("worker");
        start("projection").awaitReady();
        ApiClient.at(worker.awaitReady())
                .get("/snapshots/nobody")
                .refuses(404, "Not Found", "does not play the role api");
        var api = ApiClient.at(starting.awaitReady());
        var guests = new Guests(data, api);
        var snapshots = new Snapshots(api);

        var instance = theMainJob(api, guests, snapshots);
        aKilledWorker(worker, api, guests, snapshots, instance);
    }

    private String theMainJob(ApiClient api, Guests guests, Snapshots snapshots) {
        var name = Guests.newName("roles");
        guests.standby(name, MEMORY_BYTES, 1);
        var instance = guests.imported(name, "Standby", "").expect(201).id();
        var original = Sha256.of(guests.memory(instance));
        var snapshot = snapshots
                .create(instance, "Standby", ",\"compression\":{\"enabled\":true,\"level\":3}")
                .expect(201)
                .id();
        assertThat(snapshots.settled(snapshot).text("compression_state")).isEqualTo("compressed");
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot)))).isEqualTo(original);
        api.delete("/snapshots/" + snapshot).expect(204);
        return instance;
    }

    private void aKilledWorker(
            ServiceProcess worker, ApiClient api, Guests guests, Snapshots snapshots, String instance)
            throws IOException {
        var original = Sha256.of(guests.memory(instance));
        var snapshot = snapshots.take(instance, "Standby");
        var operation = api.post("/snapshots/" + snapshot + "/compress", "{\"level\":19}", "Prefer", "respond-async")
                .expect(202)
                .id();
        Eventually.see(LIMIT, () -> api.get("/operations/" + operation).expect(200), a -> a.json()
                .has("progress"));
        Eventually.see(LIMIT, () -> journalBytes(operation), bytes -> bytes > JOURNAL_WITHOUT_CHECKPOINTS);

        worker.kill();
        assertThat(api.get("/snapshots/" + snapshot).text("compression_state")).isEqualTo("compressing");
        var successor = start("worker");
        successor.awaitReady();

        var settled = snapshots.settled(snapshot);
        assertThat(settled.text("compression_state")).as(settled.body()).isEqualTo("compressed");
        assertThat(successor.log())
                .containsPattern("resumed: operation=" + operation + " at=[1-9][0-9]* of=" + MEMORY_BYTES);
        Eventually.see(
                LIMIT, () -> api.get("/operations/" + operation).text("status"), status -> status.equals("succeeded"));
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(snapshot)))).isEqualTo(original);
        Eventually.see(LIMIT, () -> leftovers(snapshot), List::isEmpty);
        assertThat(api.delete("/snapshots/" + snapshot).status()).isEqualTo(204);
        assertThat(onceEach(EventLog.life(snapshot)))
                .containsExactly(
                        "1 dev.snapfork.snapshot.created.v1",
                        "2 dev.snapfork.snapshot.compression.started.v1",
                        "3 dev.snapfork.snapshot.compression.completed.v1",
                        "4 dev.snapfork.snapshot.deleted.v1");
        var ends = EventLog.read(entry -> operation.equals(entry.raw().key()), entry -> entry.type()
                .contains("operation."));
        assertThat(ends).extracting(EventLog.Entry::type).containsExactly("dev.snapfork.operation.succeeded.v1");
    }

    private long journalBytes(String operation) {
        var staging = data.resolve("staging").resolve(operation);
        try (var files = Files.walk(staging)) {
            return files.filter(file -> file.endsWith("journal"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException notThereYet) {
            return 0;
        }
    }

    /** Sequence and type; an event that a crash made come twice is the same to the byte. */
    private static List<String> onceEach(List<EventLog.Entry> life) {
        var dataById = new HashMap<String, String>();
        var once = new ArrayList<String>();
        for (var entry : life.subList(0, life.size() - 1)) {
            var data = String.valueOf(entry.data());
            var before = dataById.put(entry.header("ce_id"), data);
            if (before == null) {
                once.add(entry.header("ce_sequence") + " " + entry.type());
            } else {
                assertThat(data).isEqualTo(before);
            }
        }
        return once;
    }

    /** What is half-made or half-gone. */
    private List<Path> leftovers(String snapshot) {
        var found = new ArrayList<Path>();
        for (var directory : List.of("staging", "trash")) {
            try (var entries = Files.list(data.resolve(directory))) {
                found.addAll(entries.toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        try (var payload = Files.walk(data.resolve("snapshots").resolve(snapshot))) {
            payload.filter(file -> file.toString().endsWith(".tmp")
                            || file.getFileName().toString().equals("memory-ranges"))
                    .forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
