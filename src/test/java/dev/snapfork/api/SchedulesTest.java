package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.SharedEnvironment;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Snapshot schedules as their owners see them; that they run is shown by {@link SchedulesIT}. */
@QuarkusTest
class SchedulesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String DAILY = """
            {"interval":"24h","name_prefix":"nightly","metadata":{"team":"x"},"retention":{"max_count":7,"max_age":"168h"}}""";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);

    private static String path(String instance) {
        return "/instances/" + instance + "/snapshot-schedule";
    }

    @Test
    void aScheduleIsSetShownChangedAndDeleted() {
        var instance = guests.newStopped();
        var before = Instant.now().minusSeconds(1);
        api.get(path(instance)).refuses(404, "not_found", "snapshot schedule not found");
        api.delete(path(instance)).refuses(404, "not_found", "snapshot schedule not found");

        var set = api.put(path(instance), DAILY).expect(200);

        assertThat(set.text("instance_id")).isEqualTo(instance);
        assertThat(set.text("interval")).isEqualTo("24h0m0s");
        assertThat(set.text("name_prefix")).isEqualTo("nightly");
        assertThat(set.json().at("/metadata").toString()).isEqualTo("{\"team\":\"x\"}");
        assertThat(set.json().at("/retention").toString()).isEqualTo("{\"max_count\":7,\"max_age\":\"168h0m0s\"}");
        var created = Instant.parse(set.text("created_at"));
        assertThat(created).isBetween(before, Instant.now().plusSeconds(1));
        assertThat(set.text("updated_at")).isEqualTo(set.text("created_at"));
        var next = Instant.parse(set.text("next_run_at"));
        assertThat(Duration.between(created.plus(Duration.ofHours(24)), next))
                .isBetween(Duration.ZERO, Duration.ofMinutes(5));
        assertThat(set.json().has("last_run_at")).isFalse();
        assertThat(api.get(path(instance)).expect(200).json()).isEqualTo(set.json());
        // by name as well, and the same again changes nothing
        var name = api.get("/instances/" + instance).text("name");
        assertThat(api.put(path(name), DAILY).expect(200).json()).isEqualTo(set.json());

        var kept = api.put(path(instance), "{\"interval\":\"1440m\",\"retention\":{\"max_count\":1}}")
                .expect(200);
        assertThat(kept.text("next_run_at")).isEqualTo(set.text("next_run_at"));
        assertThat(kept.text("created_at")).isEqualTo(set.text("created_at"));
        assertThat(kept.number("version")).isEqualTo(2);
        assertThat(kept.json().has("name_prefix")).isFalse();
        assertThat(kept.json().has("metadata")).isFalse();
        var faster = api.put(path(instance), "{\"interval\":\"1h\",\"retention\":{\"max_count\":1}}")
                .expect(200);
        assertThat(Instant.parse(faster.text("next_run_at"))).isBefore(next);

        api.delete(path(instance)).expect(204);
        api.get(path(instance)).refuses(404, "not_found", "schedule");
        api.delete(path(instance)).refuses(404, "not_found", "schedule");
        var anew = api.put(path(instance), DAILY).expect(200);
        assertThat(anew.id()).isNotEqualTo(set.id());
        assertThat(anew.number("version")).isEqualTo(1);
        assertThat(api.get(path(instance)).expect(200).json()).isEqualTo(anew.json());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                                        | Bad Request     | interval is required
        {"interval":"1h"}                                         | Bad Request     | retention is required
        {"interval":60,"retention":{"max_count":1}}               | Bad Request     | interval: must be a string
        {"interval":"1h","retention":{"max_count":-1}}            | Bad Request     | max_count: must be at least 0
        {"interval":"1h","retention":{"max_count":1.5}}           | Bad Request     | max_count
        {"interval":"1h","retention":{"max_count":99999999999999999999}} | Bad Request | max_count
        {"interval":"1h","retention":{"max_age":24}}              | Bad Request     | max_age: must be a string
        {"interval":"1h","retention":{"max_count":1},"name_prefix":""}    | Bad Request | name_prefix
        {"interval":"1h","retention":{"max_count":1},"name_prefix":"A"}   | Bad Request | name_prefix
        {"interval":"1h","retention":{"max_count":1},"name_prefix":"a-"}  | Bad Request | name_prefix
        {"interval":"1h","retention":{"max_count":1},"metadata":{"":"v"}} | Bad Request | metadata
        {"interval":"1h","retention":{}}                          | invalid_request | max_count or max_age
        {"interval":"1h","retention":{"max_count":0}}             | invalid_request | above 0
        {"interval":"1h","retention":{"max_age":"-1h"}}           | invalid_request | max_age must not be negative
        {"interval":"1h","retention":{"max_age":"a day"}}         | invalid_request | retention.max_age: invalid duration
        {"interval":"daily","retention":{"max_count":1}}          | invalid_request | interval: invalid duration
        {"interval":"","retention":{"max_count":1}}               | invalid_request | interval: invalid duration
        {"interval":"59s","retention":{"max_count":1}}            | invalid_request | interval must be at least 1m0s
        {"interval":"-24h","retention":{"max_count":1}}           | invalid_request | interval must be at least 1m0s
        """)
    void whatCannotBeAScheduleIsRefused(String body, String code, String message) {
        var instance = anInstance();

        api.put(path(instance), body).refuses(400, code, message);

        api.get(path(instance)).expect(404);
    }

    private String anInstance() {
        var some = api.get("/instances?tags%5Bfor%5D=refusals").expect(200).ids();
        if (!some.isEmpty()) {
            return some.getFirst();
        }
        var name = Guests.newName("refusals");
        guests.stopped(name);
        return guests.imported(name, "Stopped", ",\"tags\":{\"for\":\"refusals\"}")
                .expect(201)
                .id();
    }

    @Test
    void boundsAreAllowedAndWhatIsBeyondIsNot() {
        var instance = guests.newStopped();
        var longest =
                "{\"interval\":\"1m\",\"retention\":{\"max_age\":\"1ns\"},\"name_prefix\":\"%s\",\"metadata\":{%s}}";

        var set = api.put(path(instance), longest.formatted("p".repeat(47), tags(48)))
                .expect(200);

        assertThat(set.text("interval")).isEqualTo("1m0s");
        assertThat(set.text("retention/max_age")).isEqualTo("1ns");
        api.put(path(instance), longest.formatted("p".repeat(48), tags(48))).refuses(400, "Bad Request", "name_prefix");
        api.put(path(instance), longest.formatted("p", tags(49))).refuses(400, "invalid_request", "at most 48");
        api.put(path(instance), longest.formatted("p", tags(51))).refuses(400, "Bad Request", "at most 50");
        api.delete(path(instance)).expect(204);
    }

    private static String tags(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":\"v\"").collect(Collectors.joining(","));
    }

    @Test
    void withoutTheInstanceThereIsNoSchedule() {
        for (var nobody : List.of("nobody", "n".repeat(24))) {
            api.get(path(nobody)).refuses(404, "not_found", "instance not found");
            api.put(path(nobody), DAILY).refuses(404, "not_found", "instance not found");
            api.delete(path(nobody)).refuses(404, "not_found", "instance not found");
        }
        var instance = guests.newStopped();
        api.put(path(instance), DAILY).expect(200);

        api.delete("/instances/" + instance).expect(204);

        api.get(path(instance)).refuses(404, "not_found", "instance not found");
        api.put(path(instance), DAILY).refuses(404, "not_found", "instance not found");
        api.delete(path(instance)).refuses(404, "not_found", "instance not found");
    }

    @Test
    void settingCanBeFollowedAsAnOperation() {
        var instance = guests.newStopped();

        var accepted = api.put(path(instance), DAILY, "Prefer", "respond-async").expect(202);

        assertThat(accepted.text("kind")).isEqualTo("schedule.set");
        Eventually.see(
                LIMIT,
                () -> api.get("/operations/" + accepted.id()).expect(200).text("status"),
                status -> status.equals("succeeded"));
        var schedule = api.get(path(instance)).expect(200).id();
        api.delete(path(instance)).expect(204);
        assertThat(EventLog.life(schedule).stream().map(EventLog.Entry::type))
                .containsExactly("dev.snapfork.schedule.set.v1", "dev.snapfork.schedule.deleted.v1", "");
    }

    @Test
    void schedulesAreInARebuiltReadModel() throws Exception {
        var instance = guests.newStopped();
        var before = api.put(path(instance), DAILY).expect(200).json();
        var environment = SharedEnvironment.get();
        environment.probe().empty("schedule_view");
        api.get(path(instance)).expect(404);

        api.post("/read-model/rebuild", "").expect(202);

        var after = Eventually.see(LIMIT, () -> api.get(path(instance)), answer -> answer.status() == 200);
        assertThat(after.json()).isEqualTo(before);
    }
}
