package dev.snapfork.hypervisor.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.snapfork.hypervisor.http.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one release of a monitor understands, by the transcription of its specification. What is not in there is refused. */
final class Specification {
    private static final String UNKNOWN = " is unknown";
    private static final String NULL = " is null";

    private final JsonNode document;
    private final Version version;

    Specification(String name, String version) {
        this.document = transcription(name);
        this.version = Version.parse(version);
    }

    static JsonNode transcription(String name) {
        var resource = "/hypervisor/" + name + ".yaml";
        try (var stream = Objects.requireNonNull(Specification.class.getResourceAsStream(resource), resource)) {
            return new YAMLMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which version of the upstream's document the facts are from. */
    static String documentVersion(String name) {
        return transcription(name).path("document").asText();
    }

    /** The call that a request is, such as {@code PUT /drives/{drive_id}}; null if there is none. */
    @Nullable
    String call(String method, String path) {
        for (var call : document.required("calls").properties()) {
            var parts = call.getKey().split(" ", 2);
            var form = document.required("base").asText() + parts[1];
            if (parts[0].equals(method) && path.matches(form.replace(".", "\\.").replaceAll("\\{[a-z_]+}", "[^/]+"))) {
                return call.getKey();
            }
        }
        return null;
    }

    /** What is wrong with a body; nothing for a right one. */
    List<String> wrong(String call, @Nullable String body) {
        var schema = document.required("calls").required(call).path("body");
        List<String> wrong = new ArrayList<>();
        if (schema.isMissingNode()) {
            if (body != null) {
                wrong.add("has a body");
            }
        } else if (body == null) {
            wrong.add("has no body");
        } else {
            try {
                check("body", new JsonMapper().readTree(body), schema(schema.asText()), wrong);
            } catch (JsonProcessingException e) {
                wrong.add("is no JSON");
            }
        }
        return wrong;
    }

    /** Whether the monitor may answer so; 5xx it may always. */
    boolean mayAnswer(String call, int status) {
        for (var answer : document.required("calls").required(call).required("answers")) {
            if (answer.asInt() == status) {
                return true;
            }
        }
        return status >= 500;
    }

    /** What is wrong with an answer's body, which may say more than is transcribed, and null where it has nothing to say. */
    List<String> wrongAnswer(String call, JsonNode body) {
        List<String> wrong = new ArrayList<>();
        check(
                "answer",
                body,
                schema(document.required("calls")
                        .required(call)
                        .required("returns")
                        .asText()),
                wrong);
        wrong.removeIf(complaint -> complaint.endsWith(UNKNOWN) || complaint.endsWith(NULL));
        return wrong;
    }

    private JsonNode schema(String name) {
        return document.required("schemas").required(name);
    }

    private void check(String path, JsonNode value, JsonNode stated, List<String> wrong) {
        if (stated.has("since")
                && version.compareTo(Version.parse(stated.get("since").asText())) < 0) {
            wrong.add(path + " is not known before " + stated.get("since").asText());
        }
        if (value.isNull()) {
            wrong.add(path + NULL);
            return;
        }
        var schema = stated.has("$ref") ? schema(stated.get("$ref").asText()) : stated;
        var type = schema.required("type").asText();
        var fits =
                switch (type) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    case "boolean" -> value.isBoolean();
                    default -> throw new IllegalStateException(type);
                };
        if (!fits) {
            wrong.add(path + " is no " + type);
            return;
        }
        bounds(path, value, schema, wrong);
        schema.path("required").forEach(field -> {
            if (!value.has(field.asText())) {
                wrong.add(path + "." + field.asText() + " is missing");
            }
        });
        for (var item : type.equals("array") ? value : List.<JsonNode>of()) {
            check(path + "[]", item, schema.required("items"), wrong);
        }
        value.properties().forEach(field -> {
            var inner = schema.path("properties").path(field.getKey());
            if (inner.isMissingNode()) {
                wrong.add(path + "." + field.getKey() + UNKNOWN);
            } else {
                check(path + "." + field.getKey(), field.getValue(), inner, wrong);
            }
        });
    }

    private static void bounds(String path, JsonNode value, JsonNode schema, List<String> wrong) {
        if (schema.has("enum") && schema.get("enum").valueStream().noneMatch(value::equals)) {
            wrong.add(path + " is none of " + schema.get("enum"));
        }
        if (value.isNumber()
                && (value.asLong() < schema.path("minimum").asLong(Long.MIN_VALUE)
                        || value.asLong() > schema.path("maximum").asLong(Long.MAX_VALUE))) {
            wrong.add(path + " is out of bounds");
        }
    }
}
