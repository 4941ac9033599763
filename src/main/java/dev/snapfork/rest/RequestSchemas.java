package dev.snapfork.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.regex.RegularExpression;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The schemas of request bodies, taken from the OpenAPI document that is served and compiled. */
final class RequestSchemas {
    private static final String DOCUMENT = "/META-INF/openapi.yaml";
    private static final String COMPONENTS = "components";
    private static final String REQUEST = "Request";

    private RequestSchemas() {}

    /** By name, those whose name ends with {@code Request}; safe to use from many threads. */
    static Map<String, JsonSchema> load() {
        var components = document().required(COMPONENTS);
        var dialect = JsonMetaSchema.getV202012();
        var factory = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.metaSchema(JsonMetaSchema.builder(dialect.getIri(), dialect)
                        .keyword(new NonValidationKeyword(COMPONENTS))
                        .build()));
        var config = SchemaValidatorsConfig.builder()
                .locale(Locale.ROOT)
                .regularExpressionFactory(RequestSchemas::ecmaScript)
                .build();
        var schemas = new HashMap<String, JsonSchema>();
        components.required("schemas").fieldNames().forEachRemaining(name -> {
            if (name.endsWith(REQUEST)) {
                // references in the document start at its root, so the root is kept around each schema
                var root = JsonNodeFactory.instance.objectNode();
                root.put("$ref", "#/" + COMPONENTS + "/schemas/" + name);
                root.set(COMPONENTS, components);
                var schema = factory.getSchema(root, config);
                schema.initializeValidators();
                schemas.put(name, schema);
            }
        });
        return Map.copyOf(schemas);
    }

    private static JsonNode document() {
        try (var stream = RequestSchemas.class.getResourceAsStream(DOCUMENT)) {
            if (stream == null) {
                throw new FileNotFoundException(DOCUMENT + " is not on the class path");
            }
            return new YAMLMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In ECMAScript {@code $} is the very end; in Java it also stands before a last line break, which would let one in. */
    private static RegularExpression ecmaScript(String regex) {
        var pattern = Pattern.compile(regex.endsWith("$") ? regex.substring(0, regex.length() - 1) + "\\z" : regex);
        return text -> pattern.matcher(text).find();
    }
}
