package dev.snapfork.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.snapfork.platform.TokenVerdict.Grant;
import dev.snapfork.platform.TokenVerdict.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OidcTokensTest {
    private static final String AUDIENCE = "snapfork";
    private static final long LIMIT_NANOS = Duration.ofSeconds(30).toNanos();

    private final RsaJsonWebKey key = newKey("one");
    private volatile JsonWebKeySet published = new JsonWebKeySet(key);
    private HttpServer server = newServer();
    private String issuer = "";

    private static HttpServer newServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static RsaJsonWebKey newKey(String id) {
        try {
            var key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(id);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() {
        issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        serve("/realm/.well-known/openid-configuration", () -> "{\"jwks_uri\":\"" + issuer + "/keys\"}");
        serve("/realm/keys", () -> published.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
        server.start();
    }

    private void serve(String path, java.util.function.Supplier<String> answer) {
        server.createContext(path, exchange -> {
            var bytes = answer.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private OidcTokens tokens() {
        var keys = new OidcKeys(URI.create(issuer), Optional.empty());
        var end = System.nanoTime() + LIMIT_NANOS;
        while (keys.known().isEmpty() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        return new OidcTokens(keys, issuer, AUDIENCE);
    }

    private JwtClaims claims() {
        var claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setAudience(AUDIENCE);
        claims.setSubject("ci");
        claims.setExpirationTimeMinutesInTheFuture(5);
        claims.setStringListClaim("permissions", List.of("snapshot:read"));
        return claims;
    }

    private static String signed(JwtClaims claims, RsaJsonWebKey key) throws JoseException {
        var jws = new JsonWebSignature();
        jws.setPayload(claims.toJson());
        jws.setAlgorithmHeaderValue("RS256");
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setKey(key.getPrivateKey());
        return jws.getCompactSerialization();
    }

    @Test
    void aTokenOfTheProviderAllowsWhatItSays() throws Exception {
        try (var tokens = tokens()) {
            var claims = claims();

            assertThat(tokens.verify(signed(claims, key)))
                    .isEqualTo(new Grant("ci", List.of("snapshot:read"), false, TokenVerdict.until(claims)));
        }
    }

    static Stream<Arguments> waysToSayIt() {
        return Stream.of(
                Arguments.of(Map.of("scope", "snapshot:read instance:read"), List.of("snapshot:read", "instance:read")),
                Arguments.of(Map.of("scp", List.of("instance:read")), List.of("instance:read")),
                Arguments.of(Map.of("permissions", List.of(), "scope", "snapshot:read"), List.of()),
                Arguments.of(Map.of(), List.of()));
    }

    @ParameterizedTest
    @MethodSource("waysToSayIt")
    void whatItDoesNotSayIsNotAllowed(Map<String, Object> said, List<String> allowed) throws Exception {
        var claims = claims();
        claims.unsetClaim("permissions");
        said.forEach(claims::setClaim);
        try (var tokens = tokens()) {
            var grant = (Grant) tokens.verify(signed(claims, key));

            assertThat(grant.permissions()).isEqualTo(allowed);
            assertThat(grant.allows("snapshot:delete")).isFalse();
        }
    }

    static Stream<Arguments> wrongClaims() {
        return Stream.of(
                wrong("another issuer", claims -> claims.setIssuer("http://127.0.0.1/other")),
                wrong("for others", claims -> claims.setAudience("others")),
                wrong("for nobody", claims -> claims.unsetClaim("aud")),
                wrong("without an end", claims -> claims.unsetClaim("exp")),
                wrong("over", claims -> claims.setExpirationTime(NumericDate.fromSeconds(1))),
                wrong("not yet", claims -> claims.setNotBeforeMinutesInThePast(-10)));
    }

    private static Arguments wrong(String what, Consumer<JwtClaims> change) {
        return Arguments.of(what, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongClaims")
    void aTokenThatIsNotForUsNowIsRefused(String what, Consumer<JwtClaims> change) throws Exception {
        var claims = claims();
        change.accept(claims);
        try (var tokens = tokens()) {
            assertThat(tokens.verify(signed(claims, key)))
                    .as(what)
                    .isEqualTo(what.equals("over") ? Refused.EXPIRED : Refused.INVALID);
        }
    }

    @Test
    void aTokenOfSomebodyElsesKeyIsRefused() throws Exception {
        try (var tokens = tokens()) {
            assertThat(tokens.verify(signed(claims(), newKey("one")))).isEqualTo(Refused.INVALID);
        }
    }

    @Test
    void thePublicKeyIsNoSecret() throws Exception {
        var jws = new JsonWebSignature();
        jws.setPayload(claims().toJson());
        jws.setAlgorithmHeaderValue("HS256");
        jws.setKeyIdHeaderValue("one");
        jws.setKey(new HmacKey(key.getPublicKey().getEncoded()));
        try (var tokens = tokens()) {
            assertThat(tokens.verify(jws.getCompactSerialization())).isEqualTo(Refused.INVALID);
        }
    }

    @Test
    void aKeyThatIsNewIsFetchedSoonAndOneThatIsGoneCountsNoMore() throws Exception {
        try (var tokens = tokens()) {
            var old = signed(claims(), key);
            assertThat(tokens.verify(old)).isInstanceOf(Grant.class);
            var next = newKey("two");
            published = new JsonWebKeySet(next);
            var token = signed(claims(), next);

            var end = System.nanoTime() + LIMIT_NANOS;
            while (tokens.verify(token) instanceof Refused) {
                assertThat(System.nanoTime() - end)
                        .as("the new key is known in time")
                        .isNegative();
                Thread.sleep(100);
            }
            assertThat(tokens.verify(old)).isEqualTo(Refused.INVALID);
        }
    }

    @Test
    void keysThatAreKnownOutlastTheProvider() throws Exception {
        try (var tokens = tokens()) {
            server.stop(0);

            assertThat(tokens.verify(signed(claims(), newKey("two")))).isEqualTo(Refused.INVALID);
            assertThat(tokens.verify(signed(claims(), key))).isInstanceOf(Grant.class);
        }
    }

    static Stream<Arguments> troubles() {
        return Stream.of(
                trouble("no JSON", exchange -> answer(exchange, "<html>")),
                trouble("nothing", exchange -> answer(exchange, "")),
                trouble("a list", exchange -> answer(exchange, "[]")),
                trouble("keys that are none", exchange -> answer(exchange, "{\"keys\":\"none\"}")),
                trouble("a key that is none", exchange -> answer(exchange, "{\"keys\":[\"none\"]}")),
                trouble("too much", exchange -> answer(exchange, "{\"keys\":[]" + " ".repeat(2 << 20) + "}")),
                trouble("an answer that never ends", OidcTokensTest::begin));
    }

    private static Arguments trouble(String what, HttpHandler instead) {
        return Arguments.of(what, instead);
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void begin(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(' ');
        exchange.getResponseBody().flush();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void whateverAProviderAnswersItIsAskedAgainAndItsKeysStay(String what, HttpHandler instead) throws Exception {
        var asked = new AtomicInteger();
        try (var tokens = tokens()) {
            server.removeContext("/realm/keys");
            server.createContext("/realm/keys", exchange -> {
                asked.incrementAndGet();
                instead.handle(exchange);
            });
            var unknown = signed(claims(), newKey("two"));

            var end = System.nanoTime() + LIMIT_NANOS;
            while (asked.get() < 2) {
                assertThat(System.nanoTime() - end)
                        .as("asked again after " + what)
                        .isNegative();
                assertThat(tokens.verify(unknown)).isEqualTo(Refused.INVALID);
                Thread.sleep(100);
            }
            assertThat(tokens.verify(signed(claims(), key))).isInstanceOf(Grant.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.com/keys", "ftp://127.0.0.1/keys", "keys"})
    void keysAreNotFetchedWhereTheyCanBeExchanged(String place) {
        assertThatThrownBy(() -> OidcKeys.requireSafe(URI.create(place)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TLS");
    }
}
