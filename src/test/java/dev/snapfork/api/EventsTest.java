package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.contract.UpstreamContract;
import dev.snapfork.environment.SharedEnvironment;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EventsTest {
    private static final String PREFIX = "dev.snapfork.";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    /** The id of a snapshot that was created, compressed twice and deleted. */
    private String lived(String instance) {
        var id = snapshots
                .create(instance, "Standby", ",\"compression\":{\"enabled\":true}")
                .expect(201)
                .id();
        snapshots.settled(id);
        snapshots.compress(id, "\"algorithm\":\"lz4\"").expect(200);
        api.delete("/snapshots/" + id).expect(204);
        return id;
    }

    @Test
    void theLifeOfASnapshotIsToldInOrderWithoutGapsAndEndsWithATombstone() {
        var instance = guests.newStandby();
        var id = lived(instance);

        var life = EventLog.life(id);

        assertThat(life.subList(0, life.size() - 1))
                .extracting(EventLog.Entry::type)
                .containsExactly(
                        PREFIX + "snapshot.created.v1",
                        PREFIX + "snapshot.compression.started.v1",
                        PREFIX + "snapshot.compression.completed.v1",
                        PREFIX + "snapshot.compression.started.v1",
                        PREFIX + "snapshot.compression.completed.v1",
                        PREFIX + "snapshot.deleted.v1");
        assertThat(life.subList(0, life.size() - 1))
                .extracting(entry -> entry.header("ce_sequence"))
                .isEqualTo(
                        IntStream.rangeClosed(1, 6).mapToObj(Integer::toString).toList());
        assertThat(life)
                .extracting(entry -> entry.raw().partition())
                .containsOnly(life.getFirst().raw().partition());
        assertThat(life.getLast().data()).isNull();
    }

    @Test
    void everyEventIsACloudEventWithTheFullStateAfterTheChange() {
        var instance = guests.newStandby();
        var id = lived(instance);

        for (var entry : EventLog.life(id).subList(0, 6)) {
            assertThat(entry.header("content-type")).isEqualTo("application/json");
            assertThat(entry.header("ce_specversion")).isEqualTo("1.0");
            assertThat(entry.header("ce_id")).isEqualTo(id + "-" + entry.header("ce_sequence"));
            assertThat(entry.header("ce_source")).isEqualTo("/snapfork/worker");
            assertThat(entry.header("ce_subject")).isEqualTo(id);
            assertThat(Instant.parse(entry.header("ce_time"))).isBeforeOrEqualTo(Instant.now());
            assertThat(api.get("/operations/" + entry.header("ce_causationid"))
                            .expect(200)
                            .text("snapshot_id"))
                    .isEqualTo(id);
            assertThat(entry.header("ce_correlationid")).isNotEmpty();
            var state = entry.json().get("snapshot");
            UpstreamContract.assertSnapshot(state.toString());
            assertThat(state.get("version").asText()).isEqualTo(entry.header("ce_sequence"));
            assertThat(state.get("source_instance_id").asText()).isEqualTo(instance);
        }
    }

    @Test
    void theStateOfTheLastEventIsWhatTheApiShows() {
        var instance = guests.newStandby();
        var id = snapshots.take(instance, "Standby");
        var shown = snapshots.compress(id, "").expect(200);

        var told = EventLog.read(
                entry -> id.equals(entry.raw().key()), entry -> entry.type().endsWith("compression.completed.v1"));

        // findings about its files have events of their own
        var state = ((ObjectNode) shown.json()).without("health");
        assertThat(told.getLast().json().get("snapshot")).isEqualTo(state);
    }

    @Test
    void theLifeOfAnInstanceIsToldWithTheSnapshotsItCameFrom() {
        var instance = guests.newStandby();
        var snapshot = snapshots.take(instance, "Standby");
        var fork = snapshots.forkToStandby(snapshot);
        snapshots.restore(instance, snapshot, "\"target_state\":\"Stopped\"").expect(200);
        api.delete("/instances/" + instance).expect(204);
        api.delete("/instances/" + fork).expect(204);

        var source = EventLog.life(instance);
        var forked = EventLog.life(fork);

        assertThat(source.subList(0, 3))
                .extracting(EventLog.Entry::type)
                .containsExactly(
                        PREFIX + "instance.imported.v1",
                        PREFIX + "snapshot.restored.v1",
                        PREFIX + "instance.deleted.v1");
        assertThat(forked.subList(0, 2))
                .extracting(EventLog.Entry::type)
                .containsExactly(PREFIX + "snapshot.forked.v1", PREFIX + "instance.deleted.v1");
        assertThat(forked.getFirst().json().get("snapshot_id").asText()).isEqualTo(snapshot);
        assertThat(source.get(1).json().get("snapshot_id").asText()).isEqualTo(snapshot);
        UpstreamContract.assertInstance(forked.getFirst().json().get("instance").toString());
    }

    @Test
    void anOperationSettlesExactlyOnceAndBehindItsChange() {
        var snapshot = snapshots.take(guests.newStopped(), "Stopped");
        var operation = api.get("/operations?snapshot_id=" + snapshot).ids().getFirst();

        var told = EventLog.read(
                entry -> operation.equals(entry.header("ce_causationid")),
                entry -> operation.equals(entry.raw().key()));

        assertThat(told)
                .extracting(EventLog.Entry::type)
                .containsExactly(PREFIX + "snapshot.created.v1", PREFIX + "operation.succeeded.v1");
        assertThat(told.getFirst().raw().partition())
                .isEqualTo(told.getLast().raw().partition());
        assertThat(told.getFirst().raw().offset())
                .isLessThan(told.getLast().raw().offset());
    }

    @Test
    void kcatShowsTheLifeOfASnapshot() throws IOException, InterruptedException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kcat"))),
                "the command-line tool kcat is not installed: the events were not read with it");
        var id = lived(guests.newStandby());
        EventLog.life(id);

        var process = new ProcessBuilder(List.of(
                        "kcat",
                        "-C",
                        "-e",
                        "-q",
                        "-b",
                        SharedEnvironment.get().bootstrapServers(),
                        "-t",
                        EventLog.TOPIC,
                        "-f",
                        "%k %h %S\\n"))
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).as(said).isZero();
        var life = said.lines().filter(line -> line.startsWith(id + " ")).toList();
        assertThat(life).hasSize(7);
        assertThat(life.getFirst()).contains("ce_type=dev.snapfork.snapshot.created.v1", "ce_specversion=1.0");
        // kcat's length of a null value
        assertThat(life.getLast()).endsWith(" -1");
    }
}
