package dev.snapfork.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.snapfork.log.WireJson;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The schemas of one document, made strict: an object has no fields but those that its schema names. */
final class StrictSchemas {
    private static final JsonSchemaFactory FACTORY = factory();
    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final JsonNode document;
    private final Map<JsonNode, JsonSchema> compiled = new ConcurrentHashMap<>();

    /** @param document references in schemas start at its root; it is not changed */
    StrictSchemas(JsonNode document) {
        this.document = document.deepCopy();
        close(this.document);
    }

    /** Fails with everything that the schema, itself a part of the document, has against the JSON text. */
    void check(String what, JsonNode schema, String json) {
        var strict = schema.deepCopy();
        close(strict);
        var problems = compiled.computeIfAbsent(strict, this::compile).validate(parse(what, json));
        if (!problems.isEmpty()) {
            throw new AssertionError(problems.stream()
                    .map(problem -> "\n  " + problem.getMessage())
                    .collect(Collectors.joining("", what + " breaks the contract:", "\nin " + json)));
        }
    }

    private JsonSchema compile(JsonNode schema) {
        var root = (ObjectNode) document.deepCopy();
        root.setAll((ObjectNode) schema);
        return FACTORY.getSchema(root, CONFIG);
    }

    private static JsonNode parse(String what, String json) {
        try {
            return WireJson.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(what + " is no JSON: " + json, e);
        }
    }

    /** Closes objects, and says {@code nullable: true} in the words of JSON Schema. */
    private static void close(JsonNode node) {
        if (node instanceof ObjectNode schema && schema.path("type").isTextual()) {
            if (schema.has("properties") && !schema.has("additionalProperties")) {
                schema.put("additionalProperties", false);
            }
            if (schema.path("nullable").asBoolean()) {
                var type = schema.get("type").textValue();
                schema.putArray("type").add(type).add("null");
                if (schema.get("enum") instanceof ArrayNode values) {
                    values.addNull();
                }
            }
        }
        node.forEach(StrictSchemas::close);
    }

    private static JsonSchemaFactory factory() {
        var dialect = JsonMetaSchema.getV202012();
        var keywords = JsonMetaSchema.builder(dialect.getIri(), dialect);
        for (var name : new String[] {
            "openapi",
            "info",
            "servers",
            "security",
            "tags",
            "paths",
            "components",
            "schemas",
            "nullable",
            "x-not-served"
        }) {
            keywords.keyword(new NonValidationKeyword(name));
        }
        return JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012, builder -> builder.metaSchema(keywords.build()));
    }
}
