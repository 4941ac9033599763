package dev.snapfork.rest;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.ValidationMessage;
import dev.snapfork.platform.ApiError;
import java.util.ArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Says in plain words what a schema has against a body: the field, the rule, and what was sent. */
final class SchemaProblem {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String BODY = "body";

    private SchemaProblem() {}

    /** Whether it only says that a value could also have been null, which is no help to one who wanted to send something. */
    static boolean isBesideThePoint(ValidationMessage message) {
        return message.getType().equals("type")
                && "null".equals(message.getSchemaNode().textValue());
    }

    /** The code is the path of the field. */
    static ApiError.Detail detail(ValidationMessage message) {
        var path = path(message.getInstanceLocation());
        return switch (message.getType()) {
            case "required" -> required(child(path, message.getProperty()));
            case "propertyNames" -> key(path, message);
            default -> new ApiError.Detail(path, path + ": " + rule(message));
        };
    }

    private static ApiError.Detail required(String field) {
        return new ApiError.Detail(field, field + " is required");
    }

    private static ApiError.Detail key(String path, ValidationMessage message) {
        var key = message.getProperty();
        return new ApiError.Detail(
                child(path, key),
                key.isEmpty()
                        ? path + ": a key must not be empty"
                        : path + ": key " + Echo.quoted(key) + " " + message.getArguments()[1]);
    }

    private static String rule(ValidationMessage message) {
        var value = message.getInstanceNode();
        var bound = message.getSchemaNode();
        return switch (message.getType()) {
            case "type" -> "must be " + types(bound) + ", got " + Echo.of(value);
            case "enum" -> "must be one of " + values(bound) + ", got " + Echo.of(value);
            case "pattern" -> "must match " + bound.textValue() + ", got " + Echo.of(value);
            case "minimum" -> "must be at least " + bound + ", got " + Echo.of(value);
            case "maximum" -> "must be at most " + bound + ", got " + Echo.of(value);
            case "minLength" -> "must have at least " + characters(bound) + ", got " + length(value);
            case "maxLength" -> "must have at most " + characters(bound) + ", got " + length(value);
            case "minItems" -> "must have at least " + entries(bound) + ", got " + value.size();
            case "maxProperties" -> "must have at most " + bound + " entries, got " + value.size();
            default -> "breaks the rule " + message.getType() + " " + Echo.cut(bound.toString());
        };
    }

    private static String characters(JsonNode bound) {
        return bound.asInt() == 1 ? "1 character" : bound + " characters";
    }

    private static String entries(JsonNode bound) {
        return bound.asInt() == 1 ? "1 entry" : bound + " entries";
    }

    private static int length(JsonNode text) {
        return text.textValue().codePointCount(0, text.textValue().length());
    }

    private static String types(JsonNode type) {
        return type.isArray()
                ? elements(type).map(SchemaProblem::withArticle).collect(Collectors.joining(" or "))
                : withArticle(type.textValue());
    }

    private static String withArticle(String type) {
        return switch (type) {
            case "null" -> type;
            case "array", "integer", "object" -> "an " + type;
            default -> "a " + type;
        };
    }

    private static String values(JsonNode allowed) {
        return elements(allowed).filter(value -> !value.equals("null")).collect(Collectors.joining(", "));
    }

    private static java.util.stream.Stream<String> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText);
    }

    private static String path(JsonNodePath location) {
        var path = BODY;
        for (var depth = 0; depth < location.getNameCount(); depth++) {
            path = switch (location.getElement(depth)) {
                case Integer index -> path + "[" + index + "]";
                case Object name -> child(path, name.toString());
            };
        }
        return path;
    }

    private static String child(String parent, String name) {
        if (!PLAIN.matcher(name).matches()) {
            return parent + "[" + Echo.quoted(name) + "]";
        }
        return parent.equals(BODY) ? Echo.cut(name) : parent + "." + Echo.cut(name);
    }

    /** Why a body that the schema takes makes no request: a text that has a form of its own, a duration for instance. */
    static String unmappable(JsonMappingException e) {
        var names = new ArrayList<String>();
        e.getPath().forEach(reference -> names.add(reference.getFieldName()));
        var path = names.isEmpty() ? BODY : String.join(".", names);
        return e.getCause() instanceof IllegalArgumentException reason && reason.getMessage() != null
                ? path + ": " + Echo.cut(reason.getMessage())
                : path + ": has a value that cannot be used";
    }
}
