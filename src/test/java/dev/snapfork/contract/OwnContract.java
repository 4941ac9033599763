package dev.snapfork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asserts that a response is one that the served OpenAPI document describes. */
public final class OwnContract {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final JsonNode DOCUMENT = Documents.own();
    private static final StrictSchemas SCHEMAS = new StrictSchemas(DOCUMENT);

    private OwnContract() {}

    /** What the document describes, each as {@code POST /snapshots/{snapshotId}/fork}. */
    public static List<String> routes() {
        var routes = new ArrayList<String>();
        DOCUMENT.required("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (METHODS.contains(method)) {
                        routes.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return routes;
    }

    /** The same with what they take. */
    public static List<DescribedOperation> operations() {
        return routes().stream().map(OwnContract::operation).toList();
    }

    private static DescribedOperation operation(String route) {
        var method = route.split(" ", 2)[0];
        var path = route.split(" ", 2)[1];
        var shared = DOCUMENT.required("paths").required(path);
        var own = shared.required(method.toLowerCase(Locale.ROOT));
        var parameters = Stream.of(shared, own)
                .flatMap(part -> part.path("parameters").valueStream())
                .map(OwnContract::resolve)
                .toList();
        var body =
                own.path("requestBody").path("content").path("application/json").path("schema");
        var statuses = new ArrayList<String>();
        own.required("responses").fieldNames().forEachRemaining(statuses::add);
        return new DescribedOperation(method, path, parameters, body.isMissingNode() ? null : body, statuses);
    }

    /**
     * Fails if the route has no such status, if the body breaks its schema, or if there is a body where there should be none.
     *
     * @param path as the document has it: {@code /snapshots/{snapshotId}}
     */
    public static void assertResponse(String method, String path, int status, @Nullable String body) {
        var text = body == null ? "" : body;
        var what = method + " " + path + " " + status;
        var operation = DOCUMENT.required("paths").path(path).path(method.toLowerCase(Locale.ROOT));
        var response = resolve(operation.path("responses").path(Integer.toString(status)));
        if (response.isMissingNode()) {
            throw new AssertionError(what + " is not in the OpenAPI document; the answer was " + text);
        }
        if (response.path("content").has("text/event-stream")) {
            // told as it happens, and looked at by whoever reads it
            return;
        }
        var schema = response.path("content").path("application/json").path("schema");
        if (schema.isMissingNode() && !text.isEmpty()) {
            throw new AssertionError(what + " has no body in the OpenAPI document; the answer was " + text);
        }
        if (!schema.isMissingNode()) {
            SCHEMAS.check(what, schema, text);
        }
    }

    /** What a reference leads to; anything else as it is. */
    public static JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.get("$ref").textValue().substring(1)) : node;
    }
}
