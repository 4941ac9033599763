package dev.snapfork.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the transcription with the upstream's OpenAPI document. Not among the tests that every build runs, as the document is not part of
 * the project: {@code SNAPFORK_UPSTREAM_SCHEMA=openapi.yaml mvn test -Dtest=UpstreamSchemaCheck}. Without the document it fails.
 */
class UpstreamSchemaCheck {
    private static final String VARIABLE = "SNAPFORK_UPSTREAM_SCHEMA";

    static Stream<String> names() {
        return Documents.transcription().required("schemas").propertyStream().map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theTranscriptionAgreesWithTheOriginal(String name) {
        var transcription = Documents.transcription();
        var original = original();
        transcription
                .required("schemas")
                .properties()
                .forEach(schema -> leaveOut(
                        schema.getValue(), original.at("/components/schemas/" + schema.getKey()), schema.getKey()));

        assertThat(Facts.of(original, "/components/schemas/" + name, name))
                .isEqualTo(Facts.of(transcription, "/schemas/" + name, name));
    }

    /** Takes the fields that are not served out of the original; one that it does not have is a mistake here. */
    private static void leaveOut(JsonNode ours, JsonNode theirs, String path) {
        var fields = (ObjectNode) theirs.get("properties");
        ours.path(Facts.NOT_SERVED).forEach(field -> assertThat(fields.remove(field.textValue()))
                .as(path + "." + field.textValue())
                .isNotNull());
        ours.path("properties")
                .properties()
                .forEach(field -> leaveOut(
                        field.getValue(), theirs.path("properties").path(field.getKey()), path + "." + field.getKey()));
    }

    private static JsonNode original() {
        var path = System.getProperty(VARIABLE, System.getenv(VARIABLE));
        assertThat(path)
                .as("set %s to the upstream's OpenAPI document, as environment variable or system property", VARIABLE)
                .isNotBlank();
        return Documents.file(Path.of(path));
    }
}
