package dev.snapfork.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A body in place of one that follows its schema.
 *
 * @param bytes one a character
 * @param refused whether the document refuses it, or it is no JSON
 */
record OddBody(String what, String bytes, boolean refused) {
    private static final String HERE = "\"here is another value\"";
    private static final int DEEP = 100_000;
    private static final int CUTS = 12;
    private static final int FLIPS = 20;

    static List<OddBody> of(Shape shape, RandomGenerator random) {
        var all = new ArrayList<OddBody>();
        var good = (ObjectNode) shape.example();
        all.add(new OddBody("as it should be", OddValue.text(good), false));
        inside(shape, good, good, "", all);
        broken(shape, OddValue.text(good), all);
        damaged(OddValue.text(good), random, all);
        return all;
    }

    /** Changes each property of an object that is somewhere within the whole. */
    private static void inside(Shape shape, ObjectNode object, JsonNode whole, String path, List<OddBody> all) {
        shape.properties().forEach((name, property) -> {
            var before = object.get(name);
            var at = path + name;
            object.remove(name);
            all.add(new OddBody("without " + at, OddValue.text(whole), shape.requires(name)));
            object.put(name, HERE.substring(1, HERE.length() - 1));
            var frame = OddValue.text(whole);
            for (var odd : OddValue.in(property)) {
                all.add(new OddBody(at + " with " + odd.what(), frame.replace(HERE, odd.json()), odd.refused()));
            }
            var twice = "%s,\"%s\":%s".formatted(OddValue.text(before), name, OddValue.text(before));
            all.add(new OddBody(at + " twice", frame.replace(HERE, twice), true));
            object.set(name, before);
            if (before instanceof ObjectNode inner) {
                inside(property, inner, whole, at + ".", all);
            }
        });
        if (shape.others().isEmpty()) {
            for (var extra : List.of("extra", "__proto__", "constructor", "@class", "id", "\u00E9", "")) {
                object.put(extra, "dev.snapfork.Nothing");
                all.add(new OddBody("with the unknown " + path + extra, OddValue.text(whole), false));
                object.remove(extra);
            }
        }
    }

    private static void broken(Shape shape, String good, List<OddBody> all) {
        var empty = shape.requiresAnything();
        all.add(new OddBody("empty", "", empty));
        all.add(new OddBody("empty object", "{}", empty));
        for (var root : List.of("null", "true", "1", "\"text\"", "[]", "[" + good + "]", "nonsense", " ")) {
            all.add(new OddBody("another root: " + root, root, !root.isBlank() || empty));
        }
        for (var tail : List.of("x", "{}", ",", "]", "}", "\0", "//", "\n" + good)) {
            all.add(new OddBody("followed by " + tail, good + tail, true));
        }
        all.add(new OddBody("followed by blanks", good + " \r\n\t ", false));
        all.add(new OddBody("deep arrays", "[".repeat(DEEP), true));
        all.add(new OddBody("deep arrays that end", "[".repeat(DEEP / 2) + "]".repeat(DEEP / 2), true));
        all.add(new OddBody("deep objects", "{\"a\":".repeat(DEEP / 5), true));
        all.add(new OddBody("a comma too many", good.substring(0, good.length() - 1) + ",}", true));
        all.add(new OddBody("a comment", "/* */" + good, true));
        all.add(new OddBody("single quotes", good.replace('"', '\''), good.contains("\"")));
        all.add(new OddBody("a byte order mark", "\u00EF\u00BB\u00BF" + good, false));
        all.add(new OddBody("blanks only", " ".repeat(DEEP), empty));
    }

    private static void damaged(String good, RandomGenerator random, List<OddBody> all) {
        for (var i = 0; i < CUTS; i++) {
            all.add(new OddBody("cut off", good.substring(0, random.nextInt(1, good.length())), true));
        }
        for (var i = 0; i < FLIPS; i++) {
            var bytes = good.toCharArray();
            bytes[random.nextInt(bytes.length)] = (char) random.nextInt(256);
            all.add(new OddBody("a byte changed", new String(bytes), false));
        }
    }
}
