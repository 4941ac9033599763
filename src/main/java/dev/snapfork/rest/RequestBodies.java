package dev.snapfork.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import dev.snapfork.log.WireJson;
import dev.snapfork.platform.ApiError;
import dev.snapfork.platform.BadRequestException;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotSupportedException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads request bodies by the rules of the OpenAPI document that is served: what it refuses never reaches a command. */
@Startup
@ApplicationScoped
class RequestBodies {
    private static final int MOST_PROBLEMS = 20;

    private final Map<String, JsonSchema> schemas = RequestSchemas.load();

    /**
     * The request in a body.
     *
     * @param schemaName a component schema of the OpenAPI document, and one of a request
     * @param body UTF-8; null and empty stand for <code>{}</code>
     * @throws NotSupportedException if the content type is given and is not JSON
     * @throws BadRequestException if the body is no JSON or breaks the schema: says where, the rule and what was sent
     * @throws jakarta.ws.rs.ClientErrorException 413, if the body is larger than {@link RequestJson#MAX_BYTES}
     */
    <T> T read(String schemaName, byte @Nullable [] body, @Nullable String contentType, Class<T> type) {
        var schema = schemas.get(schemaName);
        if (schema == null) {
            throw new IllegalArgumentException("the OpenAPI document has no request schema " + schemaName);
        }
        if (contentType != null && !isJson(contentType)) {
            throw new NotSupportedException("send the body as application/json");
        }
        var request = RequestJson.parse(body);
        refuse(problems(schema, request));
        return map(request, type);
    }

    private static boolean isJson(String contentType) {
        var mediaType = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return mediaType.isEmpty()
                || mediaType.equals("application/json")
                || (mediaType.startsWith("application/") && mediaType.endsWith("+json"));
    }

    /** The first problem of each field: those that follow from it would only distract. */
    private static List<ApiError.Detail> problems(JsonSchema schema, JsonNode request) {
        return schema.validate(request).stream()
                .filter(message -> !SchemaProblem.isBesideThePoint(message))
                .map(SchemaProblem::detail)
                .collect(Collectors.toMap(
                        ApiError.Detail::code,
                        problem -> problem,
                        (first, second) -> first,
                        java.util.LinkedHashMap::new))
                .values()
                .stream()
                .limit(MOST_PROBLEMS)
                .toList();
    }

    private static void refuse(List<ApiError.Detail> problems) {
        if (!problems.isEmpty()) {
            throw new BadRequestException(problems.getFirst().message(), problems.size() == 1 ? List.of() : problems);
        }
    }

    /** A body that follows its schema as a request: what {@link #read} does with it, for who wants the JSON as well. */
    static <T> T map(JsonNode request, Class<T> type) {
        try {
            return WireJson.mapper().treeToValue(request, type);
        } catch (JsonMappingException e) {
            throw new BadRequestException(SchemaProblem.unmappable(e));
        } catch (JsonProcessingException e) {
            throw new BadRequestException("the body does not follow schema " + type.getSimpleName());
        }
    }
}
