package dev.snapfork.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.log.WireJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/**
 * The public keys of an OpenID provider. They are fetched beside the requests, never for one: every few minutes, and soon after a token
 * came whose key is not known. While the provider is away, the keys that are known stay.
 */
final class OidcKeys implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OidcKeys.class);
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 1 << 20;

    private final URI issuer;
    private final Optional<URI> configured;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(LIMIT)
            .followRedirects(Redirect.NEVER)
            .build();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("oidc-keys").factory());
    private final AtomicLong asked = new AtomicLong(System.nanoTime() - AGAIN.toNanos());
    private volatile List<JsonWebKey> keys = List.of();

    /**
     * Begins to fetch.
     *
     * @param configured where the keys are; empty if the provider's metadata say so
     */
    OidcKeys(URI issuer, Optional<URI> configured) {
        this.issuer = issuer;
        this.configured = configured;
        var unused = thread.scheduleWithFixedDelay(this::fetch, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    /** What is known by now. */
    List<JsonWebKey> known() {
        return keys;
    }

    /** Has the keys fetched soon, as one is missing; not more often than every few seconds, whatever strangers send. */
    void miss() {
        var last = asked.get();
        var now = System.nanoTime();
        if (now - last >= AGAIN.toNanos() && asked.compareAndSet(last, now)) {
            thread.execute(this::fetch);
        }
    }

    private void fetch() {
        try {
            var place = configured.orElse(null);
            var set = new JsonWebKeySet(get(place == null ? discovered() : place));
            keys = List.copyOf(set.getJsonWebKeys());
            LOG.debugf("the OpenID provider has %d keys", keys.size());
        } catch (IOException | JoseException | RuntimeException e) {
            // whatever stands there: a task that fails is never run again
            LOG.warnf(
                    "the keys of the OpenID provider %s cannot be fetched, those known before stay: %s",
                    issuer, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private URI discovered() throws IOException, InterruptedException {
        var base = issuer.toString().replaceFirst("/$", "");
        JsonNode metadata = WireJson.mapper().readTree(get(URI.create(base + "/.well-known/openid-configuration")));
        return requireSafe(URI.create(metadata.path("jwks_uri").asText()));
    }

    /** Keys that somebody on the way could exchange are worth nothing. */
    static URI requireSafe(URI place) {
        var local = "localhost".equals(place.getHost()) || "127.0.0.1".equals(place.getHost());
        if (!"https".equals(place.getScheme()) && !("http".equals(place.getScheme()) && local)) {
            throw new IllegalArgumentException("not fetched without TLS: " + place);
        }
        return place;
    }

    /** All of it within the limit: a provider that goes on sending for ever would have the keys never fetched again. */
    private String get(URI place) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(requireSafe(place)).build();
        var answer = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES));
        try {
            var response = answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (response.statusCode() != 200) {
                throw new IOException(place + " answered " + response.statusCode());
            }
            return response.body();
        } catch (ExecutionException e) {
            throw new IOException(place + " cannot be read: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException(place + " has not answered in full within " + LIMIT, e);
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        http.shutdownNow();
    }
}
