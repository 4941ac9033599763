package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.StackProbe;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A Kafka that lost the event log, while the service runs. */
@QuarkusTest
class EventLogRebuildTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    @Test
    void aDeletedTopicComesBackAndCommandsThatWereAcceptedMeanwhileSettle() throws Exception {
        var instance = guests.newStandby();
        var kept = snapshots.take(instance, "Standby");
        snapshots.compress(kept, "").expect(200);
        var fork = snapshots.forkToStandby(kept);
        var deletedBefore = snapshots.take(instance, "Standby");
        api.delete("/snapshots/" + deletedBefore).expect(204);
        var deletedMeanwhile = snapshots.take(instance, "Standby");
        var schedule = "/instances/" + instance + "/snapshot-schedule";
        var planned = api.put(schedule, "{\"interval\":\"24h\",\"retention\":{\"max_count\":7}}")
                .expect(200)
                .json();
        var lost = "/instances/" + fork + "/snapshot-schedule";
        api.put(lost, "{\"interval\":\"24h\",\"retention\":{\"max_age\":\"24h\"}}")
                .expect(200);
        Files.delete(guests.data().resolve("schedules").resolve(fork + ".json"));
        var before = operation(kept);

        deleteTopic();
        var deletion = api.delete("/snapshots/" + deletedMeanwhile, "Prefer", "respond-async")
                .expect(202)
                .id();
        var creation = api.post(
                        "/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}", "Prefer", "respond-async")
                .expect(202);
        api.get("/snapshots/" + kept).expect(200);
        rebuild();

        assertThat(settled(deletion)).isEqualTo("succeeded");
        assertThat(settled(creation.id())).isEqualTo("succeeded");
        api.get("/snapshots/" + deletedMeanwhile).expect(404);
        theLogAgreesWithTheStore(Set.of(instance, fork), Set.of(kept, creation.text("snapshot_id")));

        // and a read model that is lost as well is complete again
        var shown = everything();
        assertThat(api.get(schedule).expect(200).json()).isEqualTo(planned);
        api.get(lost).refuses(404, "not_found", "schedule");
        for (var table : List.of("snapshot_state", "instance_state", "operation_view", "schedule_view")) {
            probe().empty(table);
        }
        api.post("/read-model/rebuild", "").expect(202);
        assertThat(Eventually.see(LIMIT, this::everything, seen -> seen.equals(shown)))
                .isEqualTo(shown);
        assertThat(operation(kept)).isEqualTo(before);
        api.get("/snapshots/" + deletedBefore).expect(404);
        var again = Eventually.see(LIMIT, () -> api.get(schedule), answer -> answer.status() == 200);
        assertThat(again.json()).isEqualTo(planned);
        api.get(lost).expect(404);
        snapshots.take(instance, "Standby");
        guests.leaveNothingBehind();
    }

    @Test
    void recordsThatAreGoneAreToldAgainAndSoIsADeletionThatNobodyRemembers() throws Exception {
        var instance = guests.newStandby();
        var kept = snapshots.take(instance, "Standby");
        var deleted = snapshots.take(instance, "Standby");
        api.delete("/snapshots/" + deleted).expect(204);
        // as it would be if the deletion had been lost before it was applied
        deleteRecords();
        sql(
                "delete from snapshot_state where id = '" + kept + "'",
                "update snapshot_state set deleted_at = null, version = version - 1,"
                        + " body = jsonb_set(body, '{version}', '1') where id = '" + deleted + "'");
        api.get("/snapshots/" + deleted).expect(200);

        rebuild();

        assertThat(Eventually.see(LIMIT, () -> api.get("/snapshots/" + deleted).status(), status -> status == 404))
                .isEqualTo(404);
        Eventually.see(LIMIT, () -> api.get("/snapshots/" + kept).status(), status -> status == 200);
        theLogAgreesWithTheStore(Set.of(instance), Set.of(kept));
        assertThat(EventLog.life(deleted).getLast().data()).isNull();
        snapshots.take(instance, "Standby");
    }

    @Test
    void whatIsPublishedWhileTheLogIsMadeAnewStaysInOrder() {
        var instance = guests.newStandby();
        var asked = api.post("/event-log/rebuild", "").expect(202).number("epoch");
        var taken = snapshots.take(instance, "Standby");
        for (var level = 1; level <= 5; level++) {
            snapshots.compress(taken, "\"level\":" + level).expect(200);
        }
        completed(asked);
        for (var level = 1; level <= 5; level++) {
            snapshots.compress(taken, "\"level\":" + level).expect(200);
        }
        api.delete("/snapshots/" + taken).expect(204);

        var newest = 0L;
        var seen = new HashMap<Long, String>();
        for (var entry : EventLog.life(taken)) {
            if (entry.data() != null) {
                var sequence = Long.parseLong(entry.header("ce_sequence"));
                // again what was there, or the next: compaction keeps the newest, and nothing is left out
                assertThat(sequence).isBetween(newest, newest + 1);
                assertThat(seen.merge(
                                sequence, entry.header("ce_id") + entry.data(), (a, b) -> a.equals(b) ? a : "two"))
                        .isNotEqualTo("two");
                newest = sequence;
            }
        }
    }

    private void rebuild() {
        completed(api.post("/event-log/rebuild", "").expect(202).number("epoch"));
    }

    private void completed(long epoch) {
        Eventually.see(
                LIMIT,
                () -> api.get("/event-log/rebuild").expect(200).number("completed_epoch"),
                done -> done >= epoch);
    }

    private JsonNode operation(String snapshot) {
        return api.get("/operations?snapshot_id=" + snapshot).expect(200).json();
    }

    private String settled(String operation) {
        return Eventually.see(
                LIMIT,
                () -> api.get("/operations/" + operation).text("status"),
                // an operation that the read model does not show yet has none
                status -> !Set.of("", "accepted", "running").contains(status));
    }

    private List<JsonNode> everything() {
        return List.of(
                api.get("/instances").expect(200).json(),
                api.get("/snapshots").expect(200).json(),
                api.get("/operations").expect(200).json());
    }

    /** The newest event of each, by sequence and by place in the log, has the version that the manifest has. */
    private void theLogAgreesWithTheStore(Set<String> instances, Set<String> taken) throws IOException {
        Map<String, String> newest = new HashMap<>();
        for (var entry : EventLog.everything()) {
            newest.put(entry.raw().key(), entry.header("ce_sequence"));
        }
        for (var id : instances) {
            assertThat(newest.get(id))
                    .isEqualTo(api.get("/instances/" + id).expect(200).text("version"));
            assertThat(Files.isRegularFile(guests.guest(id).resolve("metadata.json")))
                    .isTrue();
        }
        for (var id : taken) {
            assertThat(newest.get(id))
                    .isEqualTo(api.get("/snapshots/" + id).expect(200).text("version"));
            assertThat(version(guests.snapshot(id).resolve("snapshot.json"))).isEqualTo(newest.get(id));
        }
    }

    private static String version(Path manifest) throws IOException {
        var json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(Files.readAllBytes(manifest));
        return json.findValue("version").asText();
    }

    private static void deleteTopic() throws Exception {
        try (var admin = admin()) {
            admin.deleteTopics(Set.of(EventLog.TOPIC)).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void deleteRecords() throws Exception {
        try (var admin = admin()) {
            var descriptions = admin.describeTopics(Set.of(EventLog.TOPIC))
                    .allTopicNames()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            var all = new HashMap<TopicPartition, RecordsToDelete>();
            descriptions.values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .forEach(partition -> all.put(
                            new TopicPartition(EventLog.TOPIC, partition.partition()),
                            RecordsToDelete.beforeOffset(-1)));
            admin.deleteRecords(all).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static Admin admin() throws IOException {
        return Admin.create(Map.<String, Object>of(
                "bootstrap.servers", SharedEnvironment.get().bootstrapServers()));
    }

    private static void sql(String... statements) throws Exception {
        for (var statement : statements) {
            probe().sql(statement);
        }
    }

    private static StackProbe probe() throws IOException {
        var environment = SharedEnvironment.get();
        return environment.probe();
    }
}
