package dev.snapfork.api;

import dev.snapfork.environment.EnvironmentResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** Calls the service as a client does; no answer gets past it that breaks the contract. */
public final class ApiClient {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    private final String base;
    private final @Nullable String authorization;

    private ApiClient(String base, @Nullable String authorization) {
        this.base = base;
        this.authorization = authorization;
    }

    /** A client that may do everything, of the service that the test runs in. */
    static ApiClient ofTheService() {
        return at(ConfigProvider.getConfig().getValue("test.url", String.class));
    }

    /** A client that may do everything, of a service that trusts {@link EnvironmentResource#AUTH_SECRET}. */
    public static ApiClient at(String base) {
        return new ApiClient(base, "Bearer " + Tokens.everything());
    }

    /** The same service with another {@code Authorization} header, or without any. */
    ApiClient authorizedBy(@Nullable String header) {
        return new ApiClient(base, header);
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    public Answer post(String path, String json, String... headers) {
        return send("POST", path, json, headers);
    }

    public Answer put(String path, String json, String... headers) {
        return send("PUT", path, json, headers);
    }

    /** @param headers names and values by turns */
    Answer send(String method, String path, @Nullable String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(LIMIT);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (var i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofString());
            var answer = new Answer(response.statusCode(), response.headers(), response.body());
            Contract.check(method, path, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calling " + path, e);
        }
    }
}
