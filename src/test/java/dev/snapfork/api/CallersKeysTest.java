package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.environment.EnvironmentResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key is its caller's, and no token. */
@QuarkusTest
class CallersKeysTest {
    private static final String KEY = "Idempotency-Key";

    private final ApiClient api = ApiClient.ofTheService();
    private final Guests guests = Guests.ofTheService(api);

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    @Test
    void theSameKeyOfAnotherCallerIsAnotherKey() {
        var instance = guests.newStopped();
        var path = "/instances/" + instance + "/snapshots";
        var key = newKey();
        var mine = api.post(path, "{\"kind\":\"Stopped\"}", KEY, key).expect(201);

        var theirs = api.authorizedBy("Bearer "
                        + Tokens.signed(
                                Map.of("sub", "somebody else"),
                                AlgorithmIdentifiers.HMAC_SHA256,
                                EnvironmentResource.AUTH_SECRET))
                .post(path, "{\"kind\":\"Stopped\"}", KEY, key)
                .expect(201);

        assertThat(theirs.header("Idempotency-Replayed")).isNull();
        assertThat(theirs.id()).isNotEqualTo(mine.id());
    }

    @ParameterizedTest
    @CsvSource({"snapshot:read,403", "snapshot:write,201"})
    void aKeyOpensNothingThatTheTokenDoesNot(String scope, int status) {
        var instance = guests.newStopped();
        var path = "/instances/" + instance + "/snapshots";
        var key = newKey();
        api.post(path, "{\"kind\":\"Stopped\"}", KEY, key).expect(201);

        var again = api.authorizedBy("Bearer "
                        + Tokens.signed(
                                Map.of("sub", "tests", "permissions", List.of(scope)),
                                AlgorithmIdentifiers.HMAC_SHA256,
                                EnvironmentResource.AUTH_SECRET))
                .post(path, "{\"kind\":\"Stopped\"}", KEY, key);

        again.expect(status);
    }
}
