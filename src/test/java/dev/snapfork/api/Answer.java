package dev.snapfork.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.log.WireJson;
import java.net.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the service answered. */
public record Answer(int status, HttpHeaders headers, String body) {

    /** Fails with the body unless the status is this. */
    public Answer expect(int expected) {
        assertThat(status).as("status of an answer with body %s", body).isEqualTo(expected);
        return this;
    }

    /** Fails unless this is an error of this status and code whose message contains the text. */
    Answer refuses(int expected, String code, String message) {
        expect(expected);
        assertThat(text("code")).as(body).isEqualTo(code);
        assertThat(text("message")).contains(message);
        return this;
    }

    public JsonNode json() {
        try {
            return WireJson.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + body, e);
        }
    }

    /** A field of the body, addressed by a JSON pointer without its first slash; empty if it is not there. */
    public String text(String pointer) {
        return json().at("/" + pointer).asText();
    }

    public long number(String pointer) {
        return json().at("/" + pointer).asLong();
    }

    public String id() {
        return text("id");
    }

    /** The field of each element, in order. */
    List<String> each(String field) {
        return json().valueStream().map(item -> item.path(field).asText()).toList();
    }

    List<String> ids() {
        return each("id");
    }

    public @Nullable String header(String name) {
        return headers.firstValue(name).orElse(null);
    }
}
