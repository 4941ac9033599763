package dev.snapfork.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A JSON value in a place where the document says what belongs there.
 *
 * @param json its bytes, one a character
 * @param refused whether the document refuses it, or it is no JSON
 */
record OddValue(String what, String json, boolean refused) {
    private static final int MANY = 1_000_000;

    static List<OddValue> in(Shape shape) {
        var all = new ArrayList<OddValue>();
        otherTypes(shape, all);
        if (shape.takes("string")) {
            texts(shape, all);
        }
        if (shape.takes("integer")) {
            numbers(shape, all);
        }
        shape.others().ifPresent(others -> maps(shape, others, all));
        return all;
    }

    private static void otherTypes(Shape shape, List<OddValue> all) {
        Map.of(
                        "null", "null",
                        "boolean", "true",
                        "number", "1.5",
                        "integer", "1",
                        "array", "[]",
                        "string", "\"1\"",
                        "object", "{}")
                .forEach((type, json) -> {
                    if (!shape.takes(type)) {
                        all.add(new OddValue("a value of type " + type, json, true));
                    }
                });
        if (!shape.takes("array")) {
            all.add(new OddValue("the value in an array", "[" + shape.example() + "]", true));
            all.add(new OddValue("many arrays", "[".repeat(20) + "]".repeat(20), true));
        }
        for (var no : List.of(
                "NaN", "Infinity", "undefined", "'a'", "01", "+1", ".5", "1.", "0x10", "nul", "True", "", "/**/1")) {
            all.add(new OddValue("no JSON: " + no, no, true));
        }
    }

    private static void texts(Shape shape, List<OddValue> all) {
        for (var odd : OddText.all()) {
            var refused = odd.text() == null || !shape.takesText(odd.text());
            all.add(new OddValue("text: " + odd.what(), "\"" + odd.json() + "\"", refused));
        }
        for (var near : shape.textsAround()) {
            var json = OddText.utf8(near).replace("\n", "\\n");
            all.add(new OddValue("text at the edge", "\"" + json + "\"", !shape.takesText(near)));
        }
    }

    private static void numbers(Shape shape, List<OddValue> all) {
        for (var number : shape.numbersAround()) {
            all.add(new OddValue("number " + number, Long.toString(number), !shape.takesNumber(number)));
        }
        for (var number : List.of(
                "1.5", "-0.5", "1e400", "-1e400", "1e-400", "1e1000000000", "9".repeat(900), "9".repeat(50_000))) {
            var what = number.length() > 20 ? number.length() + " digits" : number;
            all.add(new OddValue("number " + what, number, true));
        }
    }

    private static void maps(Shape map, Shape values, List<OddValue> all) {
        var value = values.example().toString();
        var most = map.main().path("maxProperties").asInt(Integer.MAX_VALUE);
        if (most < MANY) {
            all.add(new OddValue("as many keys as may be", keys(most, value), false));
            all.add(new OddValue("one key too many", keys(most + 1, value), true));
        }
        all.add(new OddValue("a thousand keys", keys(1000, value), most < 1000));
        all.add(new OddValue("a million keys", keys(MANY, value), true));
        all.add(new OddValue("a key twice", "{\"a\":" + value + ",\"a\":" + value + "}", true));
        var names = new Shape(map.main().path("propertyNames"));
        for (var odd : OddText.all()) {
            var refused = odd.text() == null || (names.schema().isObject() && !names.takesText(odd.text()));
            all.add(new OddValue("key: " + odd.what(), "{\"" + odd.json() + "\":" + value + "}", refused));
        }
        names.textsAround()
                .forEach(near -> all.add(new OddValue(
                        "key at the edge",
                        "{\"" + OddText.utf8(near).replace("\n", "\\n") + "\":" + value + "}",
                        !names.takesText(near))));
        for (var odd : in(values)) {
            all.add(new OddValue("in a map, " + odd.what(), "{\"a\":" + odd.json() + "}", odd.refused()));
        }
    }

    private static String keys(int count, String value) {
        return IntStream.range(0, count)
                .mapToObj(key -> "\"k" + key + "\":" + value)
                .collect(Collectors.joining(",", "{", "}"));
    }

    static String text(JsonNode json) {
        return OddText.utf8(json.toString());
    }
}
