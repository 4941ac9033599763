package dev.snapfork.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.snapfork.contract.OwnContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a schema of the served document says of a value, in the parts of JSON Schema that the document uses. */
record Shape(JsonNode schema) {
    Shape {
        schema = OwnContract.resolve(schema);
    }

    /** The schema itself, or those that it offers; references followed. */
    private List<JsonNode> alternatives() {
        return schema.has("anyOf")
                ? schema.get("anyOf").valueStream().map(OwnContract::resolve).toList()
                : List.of(schema);
    }

    /** That of them which is more than null. */
    JsonNode main() {
        return alternatives().stream()
                .filter(alternative -> !alternative.path("type").asText().equals("null"))
                .findFirst()
                .orElse(schema);
    }

    List<String> types() {
        return alternatives().stream()
                .flatMap(alternative -> alternative.path("type").isArray()
                        ? alternative.get("type").valueStream()
                        : Stream.of(alternative.path("type")))
                .map(JsonNode::asText)
                .toList();
    }

    boolean takes(String type) {
        var types = types();
        return types.contains(type) || (type.equals("integer") && types.contains("number"));
    }

    /** The values that it lists; empty if it lists none. */
    List<JsonNode> values() {
        return main().path("enum")
                .valueStream()
                .filter(value -> !value.isNull())
                .toList();
    }

    boolean takesText(String text) {
        var main = main();
        var length = text.codePointCount(0, text.length());
        var pattern = main.path("pattern").asText(".*|[\\s\\S]*");
        var whole = (pattern.startsWith("^") && pattern.endsWith("$"))
                ? Pattern.matches(pattern.substring(1, pattern.length() - 1), text)
                : Pattern.compile(pattern).matcher(text).find();
        return takes("string")
                && whole
                && length >= main.path("minLength").asInt(0)
                && length <= main.path("maxLength").asInt(Integer.MAX_VALUE)
                && (values().isEmpty()
                        || values().stream().anyMatch(value -> value.asText().equals(text)));
    }

    boolean takesNumber(long number) {
        var main = main();
        return takes("integer")
                && number >= main.path("minimum").asLong(Long.MIN_VALUE)
                && number <= main.path("maximum").asLong(Long.MAX_VALUE)
                && values().isEmpty();
    }

    Map<String, Shape> properties() {
        var properties = new java.util.LinkedHashMap<String, Shape>();
        main().path("properties")
                .properties()
                .forEach(field -> properties.put(field.getKey(), new Shape(field.getValue())));
        return properties;
    }

    /** What the values of keys that it does not name have to be; empty unless it says so. */
    Optional<Shape> others() {
        var others = main().path("additionalProperties");
        return others.isObject() ? Optional.of(new Shape(others)) : Optional.empty();
    }

    boolean requires(String property) {
        return main().path("required").valueStream().anyMatch(name -> name.asText()
                .equals(property));
    }

    boolean requiresAnything() {
        return !main().path("required").isEmpty();
    }

    /** A value that follows it, with every property there is. */
    JsonNode example() {
        var main = main();
        var json = JsonNodeFactory.instance;
        if (!main.path("examples").isEmpty()) {
            return main.get("examples").get(0);
        }
        if (!values().isEmpty()) {
            return values().getFirst();
        }
        if (takes("object")) {
            var object = json.objectNode();
            properties().forEach((name, shape) -> object.set(name, shape.example()));
            return object;
        }
        if (takes("array")) {
            return json.arrayNode().add(new Shape(main.path("items")).example());
        }
        if (takes("boolean")) {
            return json.booleanNode(true);
        }
        return takes("integer")
                ? json.numberNode(main.path("minimum").asLong(0) + 1)
                : json.textNode("a".repeat(Math.max(1, main.path("minLength").asInt(1))));
    }

    /** What stands next to the values and bounds that it has: some of it inside, some outside. */
    List<Long> numbersAround() {
        var numbers =
                new ArrayList<Long>(List.of(-1L, 0L, 1L, (long) Integer.MAX_VALUE + 1, Long.MIN_VALUE, Long.MAX_VALUE));
        for (var bound : List.of("minimum", "maximum")) {
            if (main().has(bound)) {
                var at = main().get(bound).asLong();
                numbers.addAll(List.of(at - 1, at, at + 1));
            }
        }
        return numbers.stream().distinct().toList();
    }

    List<String> textsAround() {
        var texts = new ArrayList<String>();
        values().stream().map(JsonNode::asText).forEach(value -> {
            texts.addAll(List.of(
                    value,
                    value.toUpperCase(java.util.Locale.ROOT),
                    value.toLowerCase(java.util.Locale.ROOT),
                    value + " ",
                    " " + value,
                    value + "\n",
                    value + "x",
                    value.substring(1),
                    value + "," + value));
        });
        for (var bound : List.of("minLength", "maxLength")) {
            if (main().has(bound)) {
                var at = main().get(bound).asInt();
                for (var length = Math.max(0, at - 1); length <= at + 1; length++) {
                    texts.add("a".repeat(length));
                }
            }
        }
        if (main().has("pattern")) {
            var example = example().asText();
            texts.addAll(List.of(
                    example + "\n",
                    example + "-",
                    "-" + example,
                    example.toUpperCase(java.util.Locale.ROOT),
                    example + "_",
                    example + ".",
                    example + "\u00E9"));
        }
        return texts.stream().distinct().toList();
    }
}
