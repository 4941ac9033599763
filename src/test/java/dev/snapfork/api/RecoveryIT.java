package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The runbook's backup and restore, done by its own commands: one of three stores is lost, or older than the others, or all are lost. */
@Timeout(600)
class RecoveryIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String ALL = "api,worker,projection,scheduler";

    private final String instanceName = Guests.newName("recovered");
    private String instance = "";
    private String kept = "";
    private String memory = "";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path home = Path.of("");

    private Installation installation;

    @BeforeEach
    void start() throws Exception {
        installation = new Installation(home);
    }

    @AfterEach
    void stop() throws Exception {
        installation.close();
    }

    /** A named instance with a schedule, a compressed snapshot that has a name, a raw one, a fork, and what is deleted. */
    private void populate(ApiClient api) {
        var guests = new Guests(installation.data(), api);
        var snapshots = new Snapshots(api);
        guests.standby(instanceName);
        instance = guests.imported(instanceName, "Standby", "").expect(201).id();
        memory = Sha256.of(guests.memory(instance));
        kept = snapshots
                .create(instance, "Standby", ",\"name\":\"kept\"")
                .expect(201)
                .id();
        snapshots.compress(kept, "").expect(200);
        snapshots.take(instance, "Standby");
        snapshots.forkToStandby(kept);
        api.post("/snapshots/" + kept + "/verify", "").expect(200);
        api.delete("/snapshots/" + snapshots.take(instance, "Standby")).expect(204);
        api.put(
                        "/instances/" + instance + "/snapshot-schedule",
                        "{\"interval\":\"24h\",\"retention\":{\"max_count\":2}}")
                .expect(200);
    }

    /** What happens after the backup. */
    private void goOn(ApiClient api) {
        var snapshots = new Snapshots(api);
        snapshots.take(instance, "Standby");
        snapshots.forkToStandby(kept);
        snapshots.compress(kept, "\"algorithm\":\"lz4\"").expect(200);
        snapshots.compress(kept, "\"algorithm\":\"zstd\",\"level\":3").expect(200);
    }

    private void theCatalogueIs(List<JsonNode> expected) {
        assertThat(Eventually.see(LIMIT, installation::catalogue, seen -> seen.equals(expected)))
                .isEqualTo(expected);
    }

    /** What is there can be used, what has a name keeps it, and what changes now is seen. */
    private void everythingGoesOn(ApiClient api) {
        var guests = new Guests(installation.data(), api);
        var snapshots = new Snapshots(api);
        Eventually.see(LIMIT, () -> installation.namesOf(instance, kept), names -> names == 2);
        snapshots
                .fork(kept, "\"target_state\":\"Standby\",\"name\":\"" + instanceName + "\"")
                .expect(409);
        snapshots.create(instance, "Standby", ",\"name\":\"kept\"").expect(409);
        assertThat(Sha256.of(guests.memory(snapshots.forkToStandby(kept)))).isEqualTo(memory);
        assertThat(snapshots.compress(kept, "\"algorithm\":\"lz4\"").expect(200).text("compression/algorithm"))
                .isEqualTo("lz4");
        api.get("/instances/" + instance + "/snapshot-schedule").expect(200);
        api.delete("/snapshots/" + snapshots.take(instance, "Standby")).expect(204);
        guests.leaveNothingBehind();
    }

    /** A client that knows nothing but the log sees the same. */
    private void theLogIsComplete() throws Exception {
        var shown = installation.catalogue();
        installation.forgetTheReadModel();
        theCatalogueIs(shown);
    }

    @Test
    void aPostgresqlThatWasLostComesBackFromADumpOrFromNothing() throws Exception {
        populate(installation.start(ALL));
        installation.stop();
        installation.backUp();
        goOn(installation.start(ALL));
        var shown = installation.catalogue();
        installation.stop();

        installation.losePostgres();
        installation.restorePostgres();
        var restored = installation.start(ALL);
        theCatalogueIs(shown);
        everythingGoesOn(restored);
        var since = installation.catalogue();
        installation.stop();

        installation.losePostgres();
        var anew = installation.start(ALL);
        theCatalogueIs(since);
        everythingGoesOn(anew);
    }

    @Test
    void topicsThatWereLostComeBackFromTheDataDirectoryAndCommandsThatWereInThemAreEnded() throws Exception {
        populate(installation.start(ALL));
        installation.stop();
        var workerless = installation.start("api,projection");
        var lost = workerless
                .post(
                        "/snapshots/" + kept + "/compress",
                        "{\"algorithm\":\"lz4\"}",
                        "Prefer",
                        "respond-async",
                        "Idempotency-Key",
                        "lost")
                .expect(202)
                .id();
        Eventually.see(LIMIT, () -> workerless.get("/operations/" + lost).status(), status -> status == 200);
        var shown = installation.catalogue();
        installation.stop();

        installation.loseKafka();
        installation.follow("nobody has a command any more");
        var api = installation.start(ALL);
        installation.follow("the event log from the data directory");
        installation.follow("what was accepted, and whose command is gone");

        theCatalogueIs(shown);
        assertThat(api.get("/operations/" + lost).text("status")).isEqualTo("cancelled");
        assertThat(api.get("/operations?status=accepted").expect(200).ids()).isEmpty();
        theLogIsComplete();
        everythingGoesOn(api);
    }

    @Test
    void aDataDirectoryThatIsOlderThanTheRestIsShownAsItIs() throws Exception {
        populate(installation.start(ALL));
        var shown = installation.catalogue();
        installation.stop();
        installation.backUp();
        var later = installation.start(ALL);
        goOn(later);
        later.delete("/snapshots/" + kept).expect(204);
        installation.stop();

        installation.follow("the data directory from the copy");
        installation.follow("an empty schema");
        installation.deleteTopics(List.of(
                "snapfork.events",
                "snapfork.progress",
                "snapfork.commands",
                "snapfork.compressions",
                "snapfork.verifications"));
        var api = installation.start(ALL);
        installation.follow("the event log from the data directory");

        theCatalogueIs(shown);
        theLogIsComplete();
        everythingGoesOn(api);
    }

    @Test
    void whatWasLostAltogetherIsAsInTheBackup() throws Exception {
        populate(installation.start(ALL));
        var shown = installation.catalogue();
        installation.stop();
        installation.backUp();
        goOn(installation.start(ALL));
        installation.stop();

        for (var entry : List.of("snapshots", "guests", "schedules")) {
            assertThat(Files.isDirectory(installation.data().resolve(entry))).isTrue();
        }
        installation.follow("the data directory from the copy");
        installation.losePostgres();
        installation.restorePostgres();
        installation.loseKafka();
        installation.follow("nobody has a command any more");
        var api = installation.start(ALL);
        installation.follow("the event log from the data directory");
        installation.follow("what was accepted, and whose command is gone");

        theCatalogueIs(shown);
        theLogIsComplete();
        everythingGoesOn(api);
    }
}
