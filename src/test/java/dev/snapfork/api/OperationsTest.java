package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class OperationsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> FINAL = List.of("succeeded", "rejected", "failed", "cancelled");

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);
    private final Snapshots snapshots = new Snapshots(api);

    private Answer settled(String location) {
        return Eventually.see(
                LIMIT, () -> api.get(location).expect(200), answer -> FINAL.contains(answer.text("status")));
    }

    private Answer async(String method, String path, String body) {
        return api.send(method, path, body.isEmpty() ? null : body, "Prefer", "respond-async, wait=10");
    }

    @Test
    void everyCommandIsAnsweredAtOnceIfThatIsPreferredAndCanBeFollowedToItsEnd() {
        var name = Guests.newName("async");
        guests.standby(name);
        var imported = follow("instance.import", async("POST", "/instances/import", """
                        {"name":"%s","hypervisor":"qemu","state":"Standby","directory":"%s"}
                        """.formatted(name, name)));
        var instance = imported.text("instance_id");
        var created = follow(
                "snapshot.create", async("POST", "/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}"));
        var snapshot = created.text("snapshot_id");
        assertThat(created.text("instance_id")).isEqualTo(instance);
        follow("snapshot.compress", async("POST", "/snapshots/" + snapshot + "/compress", "{}"));
        var forked = follow("snapshot.fork", async("POST", "/snapshots/" + snapshot + "/fork", """
                        {"name":"%s","target_state":"Standby"}""".formatted(
                        Guests.newName("async"))));
        assertThat(forked.text("snapshot_id")).isEqualTo(snapshot);
        assertThat(api.get("/instances/" + forked.text("instance_id"))
                        .expect(200)
                        .text("state"))
                .isEqualTo("Standby");
        follow(
                "snapshot.restore",
                async("POST", "/instances/" + instance + "/snapshots/" + snapshot + "/restore", """
                        {"target_state":"Standby"}"""));
        follow("snapshot.delete", async("DELETE", "/snapshots/" + snapshot, ""));
        follow("instance.delete", async("DELETE", "/instances/" + instance, ""));
        api.get("/instances/" + instance).expect(404);
        api.get("/snapshots/" + snapshot).expect(404);
    }

    /** The operation when it has succeeded. */
    private Answer follow(String kind, Answer accepted) {
        accepted.expect(202);
        var location = String.valueOf(accepted.header("Location"));
        assertThat(location).isEqualTo("/operations/" + accepted.id());
        assertThat(accepted.header("Preference-Applied")).isEqualTo("respond-async");
        // readable at once, without polling
        assertThat(api.get(location).expect(200).text("kind")).isEqualTo(kind);
        var end = settled(location);
        assertThat(end.text("status")).as(end.body()).isEqualTo("succeeded");
        assertThat(end.json().has("error")).isFalse();
        var created = Instant.parse(end.text("created_at"));
        var started = Instant.parse(end.text("started_at"));
        assertThat(started).isAfterOrEqualTo(created);
        assertThat(Instant.parse(end.text("finished_at"))).isAfterOrEqualTo(started);
        return end;
    }

    @Test
    void aRefusedCommandIsRejectedAndSaysWhy() {
        var instance = guests.newStopped();

        var accepted = async("POST", "/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}");

        var end = settled(String.valueOf(accepted.expect(202).header("Location")));
        assertThat(end.text("status")).isEqualTo("rejected");
        assertThat(end.text("error/code")).isEqualTo("conflict");
        assertThat(end.text("error/message"))
                .isEqualTo("standby snapshot requires source in Running or Standby, got Stopped");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            instance_id={i}                                  | snapshot.fork snapshot.create instance.import
            snapshot_id={s}                                  | snapshot.fork snapshot.create
            snapshot_id={s}&kind=snapshot.fork               | snapshot.fork
            snapshot_id={s}&kind=snapshot.fork&status=succeeded |
            snapshot_id={s}&status=rejected                  | snapshot.fork
            instance_id={i}&status=succeeded                 | snapshot.create instance.import
            instance_id={i}&status=failed                    |
            snapshot_id=nobody                               |
            """)
    void theListHasThoseThatMatchEveryFilter(String query, String expected) {
        var instance = guests.newStandby();
        var snapshot = snapshots.take(instance, "Standby");
        snapshots
                .fork(snapshot, "\"name\":\"%s\"".formatted(Guests.newName("never")))
                .expect(501);

        var found = api.get("/operations?" + query.replace("{i}", instance).replace("{s}", snapshot));

        var kinds = expected == null
                ? List.<String>of()
                : query.startsWith("instance_id")
                        // the fork's instance is the one that it would have made
                        ? List.of(expected.replace("snapshot.fork ", "").split(" ", -1))
                        : List.of(expected.split(" ", -1));
        assertThat(found.expect(200).each("kind")).isEqualTo(kinds);
    }

    @Test
    void pagesHaveEachOperationExactlyOnce() {
        var instance = guests.newStopped();
        for (var i = 0; i < 4; i++) {
            snapshots.take(instance, "Stopped");
        }
        var all = api.get("/operations?instance_id=" + instance).expect(200).ids();

        assertThat(all).hasSize(5);
        assertThat(Pages.ids(api, "/operations?instance_id=" + instance + "&limit=2"))
                .isEqualTo(all);
    }

    @ParameterizedTest
    @CsvSource({"status=done", "kind=snapshot.paint", "limit=0"})
    void aFilterThatCannotBeMeantIsRefused(String query) {
        assertThat(api.get("/operations?" + query).expect(400).text("code")).isEqualTo("Bad Request");
    }

    @Test
    void anOperationThatIsNotThereIsNotFound() {
        api.get("/operations/" + "a".repeat(24)).refuses(404, "not_found", "operation not found");
    }

    @Test
    void aLongCompressionTellsHowFarItHasCome() {
        var name = Guests.newName("long");
        guests.standby(name, 24L << 20, 1);
        var instance = guests.imported(name, "Standby", "").expect(201).id();
        var snapshot = snapshots.take(instance, "Standby");

        var accepted = async("POST", "/snapshots/" + snapshot + "/compress", "{\"level\":19}");

        var location = String.valueOf(accepted.expect(202).header("Location"));
        var running = Eventually.see(
                LIMIT,
                () -> api.get(location).expect(200).json(),
                operation -> operation.has("progress")
                        || FINAL.contains(operation.get("status").asText()));
        assertThat(running.get("status").asText()).isEqualTo("running");
        assertProgress(running.get("progress"));
        assertThat(api.get("/snapshots/" + snapshot).text("compression_state")).isEqualTo("compressing");
        // neither waits for the compression
        snapshots.forkToStandby(snapshot);
        var end = settled(location);
        assertThat(end.text("status")).isEqualTo("succeeded");
        assertThat(end.number("progress/bytes_done")).isEqualTo(end.number("progress/bytes_total"));
    }

    private static void assertProgress(JsonNode progress) {
        var total = progress.get("bytes_total").asLong();
        assertThat(total).isGreaterThanOrEqualTo(24L << 20);
        assertThat(progress.get("bytes_done").asLong()).isBetween(0L, total);
        assertThat(progress.get("bytes_per_second").asLong()).isNotNegative();
    }

    @Test
    void deletingASnapshotEndsItsCompression() {
        var name = Guests.newName("cancelled");
        guests.standby(name, 48L << 20, 1);
        var instance = guests.imported(name, "Standby", "").expect(201).id();
        var snapshot = snapshots.take(instance, "Standby");
        var accepted = async("POST", "/snapshots/" + snapshot + "/compress", "{\"level\":19}");
        var location = String.valueOf(accepted.expect(202).header("Location"));
        Eventually.see(LIMIT, () -> api.get(location).expect(200), a -> a.json().has("progress"));

        api.delete("/snapshots/" + snapshot).expect(204);

        var end = settled(location);
        assertThat(end.text("status")).isEqualTo("cancelled");
        assertThat(end.text("error/code")).isEqualTo("cancelled");
        api.get("/snapshots/" + snapshot).expect(404);
        Eventually.see(LIMIT, () -> guests.data().resolve("trash").toFile().list(), left -> left.length == 0);
    }
}
