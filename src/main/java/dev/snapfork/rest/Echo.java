package dev.snapfork.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** What a sender sent, as error messages repeat it: never more than {@value #LONGEST} characters of it. */
final class Echo {
    static final int LONGEST = 100;

    private Echo() {}

    /** Arrays and objects by their kind, the rest as JSON. */
    static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> quoted(value.textValue());
            case BINARY, BOOLEAN, MISSING, NULL, NUMBER, POJO -> cut(value.toString());
        };
    }

    /** In JSON's form, so that line breaks and the like can be seen. */
    static String quoted(String text) {
        return TextNode.valueOf(cut(text)).toString();
    }

    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        var end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + "…";
    }
}
