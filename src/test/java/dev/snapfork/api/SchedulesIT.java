package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.local.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Schedules that run every other second, with schedulers and workers that are several and die. */
@Timeout(300)
class SchedulesIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** A worker that is killed is followed at once, as it has a name. */
    private static final Map<String, String> SETTINGS =
            Map.of("snapfork.schedule.min-interval", "1S", "snapfork.instance-id", "schedules");

    private static final String NEVER = "{\"interval\":\"8760h\",\"retention\":{\"max_count\":2}}";

    private final List<ServiceProcess> processes = new ArrayList<>();
    private Path data = Path.of("");

    @BeforeEach
    void makeTheDataDirectory() throws IOException {
        data = Files.createTempDirectory("snapfork-schedules-");
    }

    @AfterEach
    void stop() throws IOException {
        for (var process : processes.reversed()) {
            process.close();
        }
        Trees.delete(data);
    }

    private ServiceProcess start(String roles) throws IOException {
        var process = ServiceProcess.start(roles, data, SETTINGS);
        processes.add(process);
        return process;
    }

    private static String path(String instance) {
        return "/instances/" + instance + "/snapshot-schedule";
    }

    private static String everyOtherSecond(String retention) {
        return "{\"interval\":\"2s\",\"retention\":{" + retention + "}}";
    }

    private static void awaitRuns(ApiClient api, List<String> instances, long more) {
        for (var instance : instances) {
            var before = api.get(path(instance)).expect(200).number("runs");
            Eventually.see(
                    LIMIT, () -> api.get(path(instance)).expect(200).number("runs"), runs -> runs >= before + more);
        }
    }

    private static List<JsonNode> runs(ApiClient api, String instance) {
        return api.get("/operations?kind=schedule.run&instance_id=" + instance)
                .expect(200)
                .json()
                .valueStream()
                .toList();
    }

    private static void awaitEnds(ApiClient api, String instance) {
        Eventually.see(LIMIT, () -> runs(api, instance), seen -> seen.stream().allMatch(run -> run.has("finished_at")));
    }

    private static List<String> scheduled(ApiClient api, String instance) {
        return api.get("/snapshots?source_instance_id=" + instance + "&tags%5Bhypeman.scheduled%5D=true")
                .expect(200)
                .ids();
    }

    @Test
    void eachRunMakesOneSnapshotWhoeverIsKilledAndOneThatIsCancelledMakesNone() throws IOException {
        var api = ApiClient.at(start("api,projection").awaitReady());
        var worker = start("worker");
        var scheduler = start("scheduler");
        var other = start("scheduler");
        worker.awaitReady();
        scheduler.awaitReady();
        other.awaitReady();
        var guests = new Guests(data, api);
        var instances = Stream.generate(guests::newStopped).limit(3).toList();
        instances.forEach(instance ->
                api.put(path(instance), everyOtherSecond("\"max_count\":1000")).expect(200));

        awaitRuns(api, instances, 1);
        scheduler.kill();
        awaitRuns(api, instances, 2);
        worker.kill();
        var cancelled = cancelAWaitingRun(api, instances.getFirst());
        other.kill();
        start("worker");
        start("scheduler");
        awaitRuns(api, instances, 2);
        instances.forEach(instance -> api.put(path(instance), NEVER).expect(200));

        for (var instance : instances) {
            awaitEnds(api, instance);
            var schedule = api.get(path(instance)).expect(200);
            assertThat(schedule.json().has("last_error")).as(schedule.body()).isFalse();
            api.delete(path(instance)).expect(204);
            var failed = theLifeTellsWhatFailed(schedule.id());
            var shown = scheduled(api, instance);
            assertThat(shown)
                    .doesNotHaveDuplicates()
                    .contains(schedule.text("last_snapshot_id"))
                    .hasSize(Math.toIntExact(schedule.number("runs")) - failed.size());
            // the killed worker may have been about to do the one that was cancelled, or have done it
            var end = api.get("/operations/" + cancelled).expect(200);
            assertThat(failed)
                    .hasSize(
                            instance.equals(instances.getFirst())
                                            && end.text("status").equals("cancelled")
                                    ? 1
                                    : 0)
                    .allMatch(reason -> reason.startsWith("cancelled on request"));
        }
        guests.leaveNothingBehind();
    }

    /** The worker is dead. */
    private static String cancelAWaitingRun(ApiClient api, String instance) {
        var waiting = Eventually.see(
                        LIMIT,
                        () -> runs(api, instance).stream()
                                .filter(run -> run.path("status").asText().equals("accepted"))
                                .toList(),
                        seen -> !seen.isEmpty())
                .getFirst()
                .path("id")
                .asText();
        api.post("/operations/" + waiting + "/cancel", "", "Prefer", "respond-async")
                .expect(202);
        return waiting;
    }

    /** Why its runs failed; its events have no gap. */
    private static Collection<String> theLifeTellsWhatFailed(String schedule) {
        var failed = new TreeMap<Long, String>();
        var newest = 0L;
        for (var entry : EventLog.life(schedule)) {
            if (entry.data() != null) {
                var sequence = entry.json().at("/schedule/version").asLong();
                assertThat(sequence).isLessThanOrEqualTo(newest + 1);
                newest = Math.max(newest, sequence);
                if (entry.type().equals("dev.snapfork.schedule.run.failed.v1")) {
                    failed.put(sequence, entry.json().at("/schedule/last_error").asText());
                }
            }
        }
        return failed.values();
    }

    @Test
    void retentionDeletesWhatTheScheduleMadeAndNothingElseAlsoWhenTheInstanceIsGone() throws IOException {
        var api = ApiClient.at(start("api,projection,worker,scheduler").awaitReady());
        var guests = new Guests(data, api);
        var snapshots = new Snapshots(api);
        var instance = guests.newStandby();
        var disguised = snapshots
                .create(instance, "Standby", """
                        ,"tags":{"hypeman.scheduled":"true","hypeman.schedule_instance_id":"%s"}""".formatted(instance))
                .expect(201)
                .id();
        var manual = snapshots.take(instance, "Standby");
        api.put(path(instance), everyOtherSecond("\"max_count\":2")).expect(200);

        awaitRuns(api, List.of(instance), 4);
        api.put(path(instance), NEVER).expect(200);
        awaitEnds(api, instance);

        var kept = Eventually.see(LIMIT, () -> scheduled(api, instance), ids -> ids.size() == 3);
        assertThat(kept).contains(disguised, api.get(path(instance)).text("last_snapshot_id"));
        api.get("/snapshots/" + manual).expect(200);

        api.put(path(instance), everyOtherSecond("\"max_age\":\"1s\"")).expect(200);
        awaitRuns(api, List.of(instance), 1);
        api.delete("/instances/" + instance).expect(204);
        assertThat(Eventually.see(LIMIT, () -> scheduled(api, instance), ids -> ids.equals(List.of(disguised))))
                .containsExactly(disguised);
        api.get("/snapshots/" + manual).expect(200);
        var end = Eventually.see(
                LIMIT,
                () -> api.get("/operations?kind=schedule.delete&instance_id=" + instance),
                answer -> answer.each("status").contains("succeeded"));
        assertThat(end.ids()).hasSize(1);
        assertThat(data.resolve("schedules").resolve(instance + ".json"))
                .content()
                .containsPattern("\"deleted\" : true");
    }
}
