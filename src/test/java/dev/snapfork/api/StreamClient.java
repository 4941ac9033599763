package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.log.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.ConfigProvider;

/** Follows the events as a browser's EventSource would, but with a token. */
final class StreamClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final InputStream body;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    /** What stands between two empty lines; the last one of a stream has no fields. */
    record Message(Map<String, String> fields) {
        static final Message END = new Message(Map.of());

        String id() {
            return fields.getOrDefault("id", "");
        }

        String name() {
            return fields.getOrDefault("event", "");
        }

        boolean isEvent() {
            return fields.containsKey("data");
        }

        JsonNode json() {
            try {
                return WireJson.mapper().readTree(fields.getOrDefault("data", ""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private StreamClient(InputStream body) {
        this.body = body;
        Thread.ofVirtual().start(this::read);
    }

    /** @param headers names and values by turns */
    static HttpResponse<InputStream> ask(String query, String... headers) throws IOException, InterruptedException {
        var base = ConfigProvider.getConfig().getValue("test.url", String.class);
        var request = HttpRequest.newBuilder(URI.create(base + "/events" + query))
                .header("Authorization", "Bearer " + Tokens.everything())
                .timeout(LIMIT);
        for (var i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return HTTP.send(request.build(), BodyHandlers.ofInputStream());
    }

    /** A stream that is open: what happens from now on is in it. */
    static StreamClient open(String query, String... headers) throws Exception {
        var response = ask(query, headers);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        var client = new StreamClient(response.body());
        client.next(message -> !message.id().isEmpty());
        return client;
    }

    private void read() {
        try (var lines = new java.io.BufferedReader(new java.io.InputStreamReader(body, StandardCharsets.UTF_8))) {
            var fields = new HashMap<String, String>();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var colon = line.indexOf(':');
                if (line.isEmpty()) {
                    messages.add(new Message(Map.copyOf(fields)));
                    fields.clear();
                } else if (colon >= 0) {
                    fields.merge(
                            line.substring(0, colon), line.substring(colon + 1).stripLeading(), (a, b) -> a + "\n" + b);
                }
            }
            messages.add(Message.END);
        } catch (IOException e) {
            messages.add(Message.END);
        }
    }

    /** The next one that is wanted; others are passed over. */
    Message next(Predicate<Message> wanted) throws InterruptedException {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            var message = messages.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            assertThat(message).as("a message within " + LIMIT).isNotNull();
            if (wanted.test(message)) {
                return message;
            }
            assertThat(message).as("the stream's end").isNotEqualTo(Message.END);
        }
    }

    Message nextEvent() throws InterruptedException {
        return next(Message::isEvent);
    }

    /** All events up to one that is the last, or to the stream's end. */
    List<Message> until(Predicate<Message> last) throws InterruptedException {
        var found = new ArrayList<Message>();
        while (true) {
            var message = next(any -> any.isEvent() || any.equals(Message.END));
            if (message.equals(Message.END)) {
                return found;
            }
            found.add(message);
            if (last.test(message)) {
                return found;
            }
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
