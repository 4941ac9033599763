package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ErrorsTest {
    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);

    @ParameterizedTest
    @CsvSource({
        "GET,/",
        "GET,/nowhere",
        "GET,/snapshots/a/b",
        "POST,/instances/x/explode",
        "GET,/snapshots/..%2f..%2fetc/x",
        "GET,/operations/a/b/c"
    })
    void anUnknownRouteIsNotFound(String method, String path) {
        api.send(method, path, null).refuses(404, "Not Found", "/openapi");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/snapshots",
        "POST,/snapshots",
        "DELETE,/instances",
        "PATCH,/snapshots/x",
        "GET,/read-model/rebuild"
    })
    void aMethodThatTheRouteDoesNotHaveIsNotAllowed(String method, String path) {
        api.send(method, path, null).refuses(405, "Method Not Allowed", "method");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"kind\":\"Stopped\"",
                "[]",
                "\"text\"",
                "{\"kind\":\"Stopped\"} {}",
                "nonsense",
                "{\"kind\":\"Stopped\",\"kind\":\"Stopped\"}",
                "{\"kind\":\"Stopped\\u0000\"}"
            })
    void anUnreadableBodyIsABadRequest(String body) {
        var instance = guests.newStopped();

        var answer = api.post("/instances/" + instance + "/snapshots", body);

        assertThat(answer.expect(400).text("code")).isEqualTo("Bad Request");
        assertThat(answer.text("message")).isNotBlank();
    }

    @Test
    void aBodyThatIsNotSentAsJsonIsAnUnsupportedMediaType() {
        var path = "/instances/" + guests.newStopped() + "/snapshots";

        api.post(path, "kind=Stopped", "Content-Type", "application/x-www-form-urlencoded")
                .refuses(415, "Unsupported Media Type", "application/json");
        api.post(path, "{\"kind\":\"Stopped\"}", "Content-Type", "application/json; charset=utf-8")
                .expect(201);
    }

    @ParameterizedTest
    @ValueSource(ints = {200 << 10, 300 << 10, 2 << 20})
    void aBodyThatIsTooLargeIsRefused(int bytes) {
        var body = "{\"kind\":\"Stopped\",\"name\":\"%s\"}".formatted("x".repeat(bytes));

        api.post("/instances/" + guests.newStopped() + "/snapshots", body)
                .refuses(413, "Request Entity Too Large", "bytes");
    }

    @Test
    void severalMistakesAreToldAtOnce() {
        var answer = api.post("/instances/import", "{\"name\":\"Upper\",\"hypervisor\":\"xen\",\"state\":\"Running\"}");

        answer.expect(400);
        assertThat(answer.json().get("details").findValuesAsText("code"))
                .contains("name", "hypervisor", "state", "directory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..%2f..",
                "..",
                "%2e%2e%2fetc%2fpasswd",
                "%C3%BC%F0%9F%98%80",
                "%00",
                "a%0Ab",
                "'%20or%201=1--",
                "{long}",
                "{id}/",
                "AAAAAAAAAAAAAAAAAAAAAAAA",
                "%25",
                "*",
                "\\"
            })
    void anIdThatCanBeNobodysIsNotFound(String id) {
        var text = id.replace("{long}", "a".repeat(4000))
                .replace("{id}", "a".repeat(24))
                .replace("\\", "%5C");

        for (var collection : new String[] {"/snapshots/", "/instances/", "/operations/"}) {
            var answer = api.get(collection + text);
            assertThat(answer.status())
                    .as(collection + text + " " + answer.body())
                    .isEqualTo(404);
        }
        assertThat(api.delete("/snapshots/" + text).status()).isEqualTo(404);
        assertThat(api.post("/snapshots/" + text + "/fork", "{\"name\":\"x\"}").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/snapshots?name=",
                "/snapshots?source_instance_id=",
                "/operations?snapshot_id=",
                "/operations?instance_id="
            })
    void textThatNobodyCanHaveMatchesNothing(String filter) {
        assertThat(api.get(filter + "a%00b").expect(200).ids()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/snapshots/%zz",
                "/snapshots?tags%5Bx=%",
                "/instances/%",
                "/instances/{a}",
                "//",
                "/snapshots/\\"
            })
    void aPathThatCannotBeReadIsABadRequest(String path) {
        assertThat(RawHttp.get(path))
                .startsWith("HTTP/1.1 400")
                .contains("application/json")
                .contains("\"code\":\"Bad Request\"")
                .contains("percent sign");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: a b\r\n", "Host: x:70000\r\n", "Host: [::1\r\n"})
    void aRequestWithoutAHostThatCanBeReadIsABadRequest(String headers) {
        assertThat(RawHttp.exchange("GET /instances", headers))
                .startsWith("HTTP/1.1 400 Bad Request")
                .contains("{\"code\":\"Bad Request\",\"message\":\"the header Host ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS *", "GET instances"})
    void aTargetThatIsNoPathIsNotFound(String target) {
        assertThat(RawHttp.exchange(target, "Host: localhost\r\n"))
                .startsWith("HTTP/1.1 404 Not Found")
                .contains("{\"code\":\"Not Found\"");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/snapshots,'GET, HEAD, OPTIONS'",
        "PATCH,/snapshots/x,'DELETE, GET, HEAD, OPTIONS'",
        "GET,/snapshots/x/fork,'OPTIONS, POST'"
    })
    void aMethodThatIsNotAllowedIsAnsweredWithThoseThatAre(String method, String path, String allowed) {
        assertThat(api.send(method, path, null).header("Allow")).isEqualTo(allowed);
    }

    @Test
    void aBodyInACodingThatIsNotReadIsAnUnsupportedMediaType() {
        api.post("/instances/import", "{}", "Content-Encoding", "gzip")
                .refuses(415, "Unsupported Media Type", "Content-Encoding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/snapshots?kind=Standby&kind=Stopped",
                "/snapshots?kind=",
                "/snapshots?name=a&name=b",
                "/instances?state=Standby&state=Stopped",
                "/operations?status=",
                "/operations?limit=%2B1",
                "/operations?limit=%D9%A1"
            })
    void aQueryThatCanBeReadInTwoWaysIsABadRequest(String path) {
        api.get(path).refuses(400, "Bad Request", "");
    }

    @Test
    void anIdempotencyKeyOfNothingIsABadRequest() {
        api.post("/instances/import", "{}", "Idempotency-Key", "").refuses(400, "Bad Request", "Idempotency-Key");
    }

    @Test
    void theServiceTellsThatItLivesAndIsReadyWithoutAToken() {
        var nobody = api.authorizedBy(null);

        assertThat(nobody.get("/health").expect(200).text("status")).isEqualTo("ok");
        assertThat(nobody.get("/q/health/live").expect(200).text("status")).isEqualTo("UP");
        assertThat(nobody.get("/q/health/ready").expect(200).text("status")).isEqualTo("UP");
        assertThat(nobody.get("/q/metrics").expect(200).body()).contains("jvm_memory_used_bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi", "/openapi?format=json"})
    void theOpenApiDocumentIsOpenInYamlAndJson(String path) {
        var answer = api.authorizedBy(null).get(path).expect(200);

        assertThat(answer.body()).contains("forkSnapshot");
        assertThat(answer.body().startsWith("{")).isEqualTo(path.endsWith("json"));
    }
}
