package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be asked of machines, as far as none has to run for it; the instances are of a hypervisor that no worker has. */
@QuarkusTest
class MachinesTest {
    private static final String KEY = "Idempotency-Key";
    private static final String REPLAYED = "Idempotency-Replayed";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);

    private Answer create(String fields) {
        return api.post("/instances", "{\"name\":\"%s\",%s}".formatted(Guests.newName("machine"), fields));
    }

    private Answer ask(String instance, String what, String body) {
        return api.post("/instances/" + instance + "/" + what, body);
    }

    private String forked(String source, String fields) {
        return "{\"name\":\"%s\"%s}".formatted(source, fields);
    }

    @Test
    void anImageThatIsNotThereIsNotFound() {
        for (var image : List.of("nowhere", "docker.io/library/alpine:latest")) {
            var answer = create("\"image\":\"" + image + "\"");
            answer.refuses(404, "not_found", "image");
            assertThat(answer.header("x-should-retry")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "image":"../../etc"                                                   | invalid_request         | below images/
            "image":"/etc/passwd"                                                 | invalid_request         | below images/
            "image":""                                                            | invalid_request         | below images/
            "image":"example","vcpus":65                                          | invalid_request         | between 1 and 64
            "image":"example","size":"255MB"                                      | invalid_request         | multiple of 2MB
            "image":"example","size":"much"                                       | invalid_request         | write it like 512MB or 2GB
            "image":"example","overlay_size":"1B"                                 | invalid_request         | multiple of 512B
            "image":"example","snapshot_policy":{"standby_compression_delay":"x"} | invalid_snapshot_policy | invalid duration
            "image":"example","snapshot_policy":{"compression":{"enabled":true,"level":0}} | invalid_snapshot_policy | between 1 and 19
            "vcpus":2                                                             | Bad Request             | image is required
            "image":"example","tags":{"a":"#"}                                    | Bad Request             | tags.a
            """)
    void aMachineThatCannotBeIsRefused(String fields, String code, String message) {
        create(fields).refuses(400, code, message);
    }

    @Test
    void whatIsSoAlreadyStaysAsItIs() {
        var stopped = guests.newStopped();
        var standby = guests.newStandby();

        var stop = ask(stopped, "stop", "").expect(200);
        var again = ask(standby, "standby", "{}").expect(200);

        assertThat(stop.json()).isEqualTo(api.get("/instances/" + stopped).json());
        assertThat(again.json()).isEqualTo(api.get("/instances/" + standby).json());
        ask(standby, "standby", "{\"compression\":{\"enabled\":true}}").refuses(409, "invalid_state", "Standby");
        ask(standby, "standby", "{\"compression_delay\":\"5m\"}").refuses(409, "invalid_state", "Standby");
    }

    @Test
    void whatTheStateDoesNotAllowIsAConflictThatIsNotToBeRetried() {
        var stopped = guests.newStopped();
        var standby = guests.newStandby();

        for (var refused : List.of(
                ask(standby, "start", ""),
                ask(standby, "stop", "{}"),
                ask(stopped, "standby", ""),
                ask(stopped, "restore", ""))) {
            refused.refuses(409, "invalid_state", "requires the instance in");
            assertThat(refused.header("x-should-retry")).isEqualTo("false");
        }
    }

    @Test
    void whatNoWorkerRunsIsNotSupported() {
        var refused = List.of(
                ask(guests.newStopped(), "start", "{\"entrypoint\":[\"/bin/sh\"],\"cmd\":[\"-c\",\"true\"]}"),
                ask(guests.newStandby(), "restore", ""));

        for (var answer : refused) {
            answer.refuses(501, "not_supported", "cloud-hypervisor");
            assertThat(answer.header("x-should-retry")).isEqualTo("false");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "stop", "standby", "restore"})
    void theBodyMayBeLeftOutButNotBeAnythingElse(String what) {
        var instance = guests.newStopped();

        for (var body : new String[] {null, "", "{}", "{\"unheard_of\":1}"}) {
            assertThat(api.send("POST", "/instances/" + instance + "/" + what, body)
                            .status())
                    .isIn(200, 409, 501);
        }
        for (var body : new String[] {"[]", "null", "{", "\"a\""}) {
            ask(instance, what, body).refuses(400, "Bad Request", "body");
        }
        api.post("/instances/nobody/" + what, "{}").refuses(404, "not_found", "nobody");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            standby | {"compression":{"enabled":true,"level":0}}                    | invalid_snapshot_compression | between 1 and 19
            standby | {"compression":{"enabled":false,"algorithm":"lz4","level":10}} | invalid_snapshot_compression | between 0 and 9
            standby | {"compression_delay":"soon"}                                  | invalid_compression_delay    | invalid duration
            standby | {"compression_delay":"-5s"}                                   | invalid_compression_delay    | negative
            standby | {"compression_delay":"9000h"}                                 | invalid_compression_delay    | at most 8760h0m0s
            standby | {"compression":{"level":1}}                                   | Bad Request | compression.enabled is required
            standby | {"compression_delay":5}                                       | Bad Request | compression_delay: must be a string
            start   | {"cmd":"ls"}                                                  | Bad Request | cmd: must be an array
            start   | {"entrypoint":[1]}                                            | Bad Request | entrypoint[0]: must be a string
            fork    | {}                                                            | Bad Request | name is required
            fork    | {"name":"A"}                                                  | Bad Request | name: must match
            fork    | {"name":"a","from_running":"yes"}                             | Bad Request | from_running: must be a boolean
            fork    | {"name":"a","target_state":"Paused"}                          | Bad Request | target_state: must be one of
            fork    | {"name":"a","identity":"maybe"}                               | Bad Request | identity: must be one of
            """)
    void whatCannotBeMeantIsRefusedBeforeItIsACommand(String what, String body, String code, String message) {
        var instance = guests.newStopped();

        ask(instance, what, body).refuses(400, code, message);

        assertThat(api.get("/operations?instance_id=" + instance).each("kind")).containsExactly("instance.import");
    }

    @Test
    void anInstanceThatDoesNotRunIsForkedInItsOwnState() {
        var stopped = guests.newStopped();
        var standby = guests.newStandby(",\"tags\":{\"team\":\"a\"}");
        var name = Guests.newName("forked");

        var ofStopped =
                ask(stopped, "fork", forked(Guests.newName("forked"), "")).expect(201);
        var ofStandby = ask(standby, "fork", forked(name, ",\"from_running\":true,\"identity\":\"optional\""))
                .expect(201);
        var other = ask(standby, "fork", forked(Guests.newName("forked"), ",\"target_state\":\"Stopped\""))
                .expect(201);

        assertThat(ofStopped.text("state")).isEqualTo("Stopped");
        assertThat(ofStandby.text("state")).isEqualTo("Standby");
        assertThat(ofStandby.text("name")).isEqualTo(name);
        assertThat(ofStandby.text("tags/team")).isEqualTo("a");
        assertThat(other.text("state")).isEqualTo("Stopped");
        assertThat(Sha256.of(guests.memory(ofStandby.id()))).isEqualTo(Sha256.of(guests.memory(standby)));
        assertThat(api.get("/operations?kind=instance.fork&instance_id=" + ofStandby.id())
                        .ids())
                .hasSize(1);
        assertThat(api.get("/instances?state=Standby").ids()).contains(standby, ofStandby.id());
    }

    @Test
    void theNameOfAForkMustBeFree() {
        var instance = guests.newStopped();
        var taken = Guests.newName("taken");
        ask(instance, "fork", forked(taken, "")).expect(201);

        var refused = ask(instance, "fork", forked(taken, ""));

        refused.refuses(409, "name_conflict", taken);
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void aSnapshotsForkMaySayWhetherItHasToBecomeAMachineOfItsOwn() {
        var snapshots = new Snapshots(api);
        var snapshot = snapshots.take(guests.newStandby(), "Standby");

        snapshots
                .fork(
                        snapshot,
                        "\"name\":\"%s\",\"target_state\":\"Standby\",\"identity\":\"required\""
                                .formatted(Guests.newName("fork")))
                .expect(201);
        snapshots
                .fork(snapshot, "\"name\":\"a\",\"identity\":\"never\"")
                .refuses(400, "Bad Request", "identity: must be one of");
    }

    @Test
    void everyCallIsMadeOnceHoweverOftenItIsSent() {
        var stopped = guests.newStopped();
        var standby = guests.newStandby();

        twice("/instances/" + stopped + "/fork", forked(Guests.newName("once"), ""), 201);
        twice("/instances/" + stopped + "/stop", "", 200);
        twice("/instances/" + stopped + "/start", "{}", 501);
        twice("/instances/" + standby + "/standby", "", 200);
        twice("/instances/" + standby + "/restore", "", 501);
        var refused =
                twice("/instances", "{\"name\":\"%s\",\"image\":\"nowhere\"}".formatted(Guests.newName("once")), 404);

        refused.refuses(404, "not_found", "image");
        assertThat(api.get("/operations?instance_id=" + stopped).each("kind"))
                .containsExactly("instance.start", "instance.stop", "instance.import");
        assertThat(api.get("/operations?instance_id=" + standby).each("kind"))
                .containsExactly("instance.restore", "instance.standby", "instance.import");
    }

    private Answer twice(String path, String body, int status) {
        var key = UUID.randomUUID().toString();
        var first = api.post(path, body, KEY, key).expect(status);
        var second = api.post(path, body, KEY, key).expect(status);
        assertThat(first.header(REPLAYED)).isNull();
        assertThat(second.header(REPLAYED)).isEqualTo("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("x-should-retry")).isEqualTo(first.header("x-should-retry"));
        return first;
    }

    @Test
    void whatMadeNoCommandUsesNoKeyUp() {
        var key = UUID.randomUUID().toString();
        var name = Guests.newName("unused");

        api.post("/instances", "{\"name\":\"%s\",\"image\":\"..\"}".formatted(name), KEY, key)
                .expect(400);

        assertThat(api.post("/instances", "{\"name\":\"%s\",\"image\":\"nowhere\"}".formatted(name), KEY, key)
                        .expect(404)
                        .header(REPLAYED))
                .isNull();
    }

    @Test
    void whoWouldRatherNotWaitFollowsTheOperation() {
        var instance = guests.newStopped();

        var accepted = api.post("/instances/" + instance + "/stop", "", "Prefer", "respond-async")
                .expect(202);

        assertThat(accepted.text("kind")).isEqualTo("instance.stop");
        assertThat(accepted.header("Location")).isEqualTo("/operations/" + accepted.id());
    }
}
