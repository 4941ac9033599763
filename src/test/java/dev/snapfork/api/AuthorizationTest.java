package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.contract.OwnContract;
import dev.snapfork.environment.EnvironmentResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class AuthorizationTest {
    /** Open ones, and those that ask for what the thing in question asks for. */
    private static final List<String> OTHERS = List.of(
            "GET /health", "GET /asyncapi", "GET /schemas/{type}", "GET /events", "POST /operations/{id}/cancel");

    private static final Map<String, String> SCOPES = Map.ofEntries(
            Map.entry("GET /instances", "instance:read"),
            Map.entry("GET /instances/{id}", "instance:read"),
            Map.entry("DELETE /instances/{id}", "instance:delete"),
            Map.entry("POST /instances", "instance:write"),
            Map.entry("POST /instances/import", "instance:write"),
            Map.entry("POST /instances/{id}/start", "instance:write"),
            Map.entry("POST /instances/{id}/stop", "instance:write"),
            Map.entry("POST /instances/{id}/standby", "instance:write"),
            Map.entry("POST /instances/{id}/restore", "instance:write"),
            Map.entry("POST /instances/{id}/fork", "instance:write"),
            Map.entry("GET /instances/{id}/wait", "instance:read"),
            Map.entry("POST /instances/{id}/snapshots", "snapshot:write"),
            Map.entry("POST /instances/{id}/snapshots/{snapshotId}/restore", "snapshot:write"),
            Map.entry("GET /snapshots", "snapshot:read"),
            Map.entry("GET /snapshots/{snapshotId}", "snapshot:read"),
            Map.entry("GET /snapshots/{snapshotId}/events", "snapshot:read"),
            Map.entry("DELETE /snapshots/{snapshotId}", "snapshot:delete"),
            Map.entry("POST /snapshots/{snapshotId}/fork", "snapshot:write"),
            Map.entry("POST /snapshots/{snapshotId}/compress", "snapshot:write"),
            Map.entry("POST /snapshots/{snapshotId}/verify", "snapshot:write"),
            Map.entry("GET /dead-letters", "dead-letter:read"),
            Map.entry("GET /dead-letters/{id}", "dead-letter:read"),
            Map.entry("DELETE /dead-letters/{id}", "dead-letter:delete"),
            Map.entry("POST /dead-letters/{id}/retry", "dead-letter:write"),
            Map.entry("GET /instances/{id}/snapshot-schedule", "snapshot:read"),
            Map.entry("PUT /instances/{id}/snapshot-schedule", "snapshot:write"),
            Map.entry("DELETE /instances/{id}/snapshot-schedule", "snapshot:delete"),
            Map.entry("GET /capabilities", "snapshot:read"),
            Map.entry("GET /operations", "snapshot:read"),
            Map.entry("GET /operations/{id}", "snapshot:read"),
            Map.entry("POST /read-model/rebuild", "snapshot:write"),
            Map.entry("GET /event-log/rebuild", "snapshot:read"),
            Map.entry("POST /event-log/rebuild", "snapshot:write"));

    /** Its scope depends on what the operation does. */
    private final ApiClient api = ApiClient.ofTheService();

    private static String token(String algorithm, Object permissions) {
        return "Bearer "
                + Tokens.signed(Map.of("permissions", permissions), algorithm, EnvironmentResource.AUTH_SECRET);
    }

    private static String token(List<String> permissions) {
        return token(AlgorithmIdentifiers.HMAC_SHA256, permissions);
    }

    static Stream<Arguments> scopes() {
        return SCOPES.entrySet().stream().map(route -> Arguments.of(route.getKey(), route.getValue()));
    }

    @Test
    void everyRouteThatIsServedHasAScopeOrIsMeantToBeOpen() {
        assertThat(OwnContract.routes())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(SCOPES.keySet().stream(), OTHERS.stream()).toList());
    }

    @ParameterizedTest
    @MethodSource("scopes")
    void aRouteAsksForItsScope(String route, String scope) {
        var method = route.split(" ", -1)[0];
        var path = route.split(" ", -1)[1].replaceAll("\\{[a-zA-Z]+}", "nobody");
        var body = method.equals("POST") || method.equals("PUT") ? "{}" : null;
        var others = SCOPES.values().stream()
                .filter(other -> !other.equals(scope))
                .distinct()
                .toList();

        api.authorizedBy(token(List.of()))
                .send(method, path, body)
                .refuses(403, "Forbidden", "missing required scope: " + scope);
        api.authorizedBy(token(others))
                .send(method, path, body)
                .refuses(403, "Forbidden", "missing required scope: " + scope);
        api.authorizedBy(null).send(method, path, body).refuses(401, "Unauthorized", "authorization header required");
        for (var granting : List.of(token(List.of(scope)), token(List.of("*")))) {
            assertThat(api.authorizedBy(granting).send(method, path, body).status())
                    .isNotIn(401, 403);
        }
    }

    @Test
    void cancellingAsksForTheScopeThatTheCommandAskedFor() {
        var guests = Guests.ofTheService(api);
        var snapshots = new Snapshots(api);
        var instance = guests.newStandby();
        var snapshot = snapshots.take(instance, "Standby");
        var fork = snapshots.forkToStandby(snapshot);
        snapshots.restore(instance, snapshot, "\"target_state\":\"Standby\"").expect(200);
        snapshots.compress(snapshot, "").expect(200);
        api.delete("/snapshots/" + snapshot).expect(204);
        var schedule = "/instances/" + fork + "/snapshot-schedule";
        api.put(schedule, "{\"interval\":\"1h\",\"retention\":{\"max_count\":1}}")
                .expect(200);
        api.delete(schedule).expect(204);
        api.delete("/instances/" + fork).expect(204);
        var asked = Map.of(
                "instance.import", "instance:write",
                "instance.delete", "instance:delete",
                "snapshot.create", "snapshot:write",
                "snapshot.fork", "snapshot:write",
                "snapshot.restore", "snapshot:write",
                "snapshot.compress", "snapshot:write",
                "snapshot.delete", "snapshot:delete",
                "schedule.set", "snapshot:write",
                "schedule.delete", "snapshot:delete");

        asked.forEach((kind, scope) -> {
            var operation =
                    api.get("/operations?kind=" + kind + "&limit=1").ids().getFirst();
            var cancel = "/operations/" + operation + "/cancel";
            var others = Stream.concat(SCOPES.values().stream(), Stream.of("snapshot:read"))
                    .filter(other -> !other.equals(scope))
                    .distinct()
                    .toList();
            api.authorizedBy(token(others)).post(cancel, "").refuses(403, "Forbidden", scope);
            api.authorizedBy(token(List.of(scope))).post(cancel, "").refuses(409, "already_ended", "cannot");
            api.authorizedBy(null).post(cancel, "").expect(401);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none               | authorization header required
            Basic dXNlcjpwdw== | invalid authorization header format
            token              | invalid authorization header format
            Bearer             | invalid authorization header format
            Bearer abc         | invalid token
            Bearer a.b.c       | invalid token
            """)
    void aHeaderThatIsNoTokenOfOursIsUnauthorized(String header, String message) {
        var answer = api.authorizedBy(header).get("/snapshots");

        answer.refuses(401, "Unauthorized", message);
        assertThat(answer.text("message")).isEqualTo(message);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    void aTokenOfAnotherSecretOrUnsignedIsInvalidAndOneOfOursMayHaveExpired() {
        var expired = Map.<String, Object>of("exp", 1_000_000_000L);
        var otherSecret = "another-secret-".repeat(5);
        var forged = Tokens.signed(Map.of(), AlgorithmIdentifiers.HMAC_SHA256, otherSecret);
        var forgedAndExpired = Tokens.signed(expired, AlgorithmIdentifiers.HMAC_SHA256, otherSecret);
        var unsigned = "eyJhbGciOiJub25lIn0.e30.";

        for (var token : List.of(forged, forgedAndExpired, unsigned)) {
            api.authorizedBy("Bearer " + token).get("/snapshots").refuses(401, "Unauthorized", "invalid token");
        }
        api.authorizedBy("Bearer "
                        + Tokens.signed(expired, AlgorithmIdentifiers.HMAC_SHA256, EnvironmentResource.AUTH_SECRET))
                .get("/snapshots")
                .refuses(401, "Unauthorized", "the token has expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void allThreeAlgorithmsAreTaken(String algorithm) {
        api.authorizedBy(token(algorithm, List.of("snapshot:read")))
                .get("/snapshots?limit=1")
                .expect(200);
    }
}
