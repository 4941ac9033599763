package dev.snapfork.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.event.EventType;
import dev.snapfork.log.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What was published once is a promise: `src/test/resources/events` has every schema as its consumers know it. */
class SchemaCompatibilityTest {
    private static final Path PUBLISHED = Path.of("src", "test", "resources", "events");

    private final EventSchemas schemas = new EventSchemas();

    @ParameterizedTest
    @EnumSource(EventType.class)
    void aTypesSchemaIsOneThatItsConsumersCanGoOnWith(EventType type) throws IOException {
        var file = PUBLISHED.resolve(type.wireName() + ".json");
        var now = schemas.of(type);
        if (Boolean.getBoolean("events.publish") && Files.notExists(file)) {
            Files.createDirectories(PUBLISHED);
            Files.writeString(file, now.toPrettyString() + "\n");
        }

        assertThat(file)
                .as("a new type's schema is published with -Devents.publish=true")
                .exists();
        assertThat(SchemaCompatibility.problems(WireJson.mapper().readTree(file.toFile()), now))
                .isEmpty();
    }

    @Test
    void noTypeThatWasPublishedIsGone() throws IOException {
        try (var files = Files.list(PUBLISHED)) {
            assertThat(files.map(file -> file.getFileName().toString().replaceFirst("\\.json$", "")))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(EventType.values())
                            .map(EventType::wireName)
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"string"} | {"type":"integer"} | may have the type integer
            {"type":"string"} | {"type":["string","null"]} | may have the type null
            {"type":"string"} | {} | may have any type
            {"enum":["a","b"]} | {"enum":["a","b","c"]} | may have the enum c
            {"required":["a"]} | {"required":[]} | /a is not always there
            {"properties":{"a":{"type":"string"}}} | {"properties":{}} | /a is gone
            {"properties":{"a":{"type":"string"}}} | {"properties":{"a":{"type":"boolean"}}} | /a may have the type boolean
            {"items":{"type":"string"}} | {"items":{"type":"boolean"}} | /items may have the type boolean
            {"additionalProperties":{"type":"string"}} | {"additionalProperties":{"type":"object"}} | may have the type object
            {"format":"date-time"} | {"format":"date"} | has another format
            {"minimum":1} | {} | has another minimum
            {"$ref":"#/$defs/A","$defs":{"A":{"type":"string"}}} | {"$ref":"#/$defs/A","$defs":{"A":{"type":"null"}}} | type null
            """)
    void aConsumerWouldStumbleOver(String published, String later, String problem) throws IOException {
        assertThat(SchemaCompatibility.problems(json(published), json(later)))
                .singleElement()
                .asString()
                .contains(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":["string","null"]} | {"type":"string"}
            {"enum":["a","b"]} | {"enum":["a"]}
            {"required":["a"]} | {"required":["a","b"]}
            {"properties":{}} | {"properties":{"a":{"type":"string"}}}
            {"description":"one"} | {"description":"another"}
            {} | {"type":"string"}
            """)
    void aConsumerGoesOnWith(String published, String later) throws IOException {
        assertThat(SchemaCompatibility.problems(json(published), json(later))).isEmpty();
    }

    private static JsonNode json(String text) throws IOException {
        return WireJson.mapper().readTree(text);
    }
}
