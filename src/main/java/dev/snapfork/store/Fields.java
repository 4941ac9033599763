package dev.snapfork.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object that anyone may have written. A missing key and null are the same; a value of the wrong type is damage
 * and is named.
 *
 * @param where the object's own place, for messages; empty or ending in a dot
 */
record Fields(String where, ObjectNode node) {
    /** No event may come near the size that Kafka refuses, and in one there are several of these. */
    static final int MAX_TEXT = 16 << 10;

    static final int MAX_TEXTS = 64 << 10;
    private static final int MAX_ELEMENTS = 4096;
    /** RFC 3339 has four digits for the year; PostgreSQL knows no year that needs many more. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    /** Go writes times that were never set as the year one. */
    private static final Instant GO_ZERO = Instant.parse("0001-01-01T00:00:00Z");

    @Nullable
    JsonNode value(String key) {
        var value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable
    String text(String key) throws DamagedRecordException {
        var value = value(key);
        if (value != null && !value.isTextual()) {
            throw wrong(key, "is not a string");
        }
        return value == null ? null : usable(key, value.textValue());
    }

    /** PostgreSQL keeps no text with a NUL. */
    private String usable(String key, String text) throws DamagedRecordException {
        if (text.indexOf('\0') >= 0) {
            throw wrong(key, "contains a NUL character");
        }
        if (text.length() > MAX_TEXT) {
            throw wrong(key, "has more than " + MAX_TEXT + " characters");
        }
        return text;
    }

    /** The text, or null where it is empty, which is how Go writes what was never set. */
    @Nullable
    String nonEmptyText(String key) throws DamagedRecordException {
        var text = text(key);
        return text == null || text.isEmpty() ? null : text;
    }

    /** The text as a value of its own; null where it is missing or empty. */
    <T> @Nullable T parsed(String key, Function<String, T> parser) throws DamagedRecordException {
        var text = nonEmptyText(key);
        return text == null ? null : parse(key, text, parser);
    }

    <T> T required(String key, Function<String, T> parser) throws DamagedRecordException {
        var text = nonEmptyText(key);
        if (text == null) {
            throw wrong(key, "is missing");
        }
        return parse(key, text, parser);
    }

    private <T> T parse(String key, String text, Function<String, T> parser) throws DamagedRecordException {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw wrong(key, "is not valid: " + e.getMessage());
        }
    }

    @Nullable
    Long number(String key) throws DamagedRecordException {
        var value = value(key);
        if (value != null && !(value.isIntegralNumber() && value.canConvertToLong())) {
            throw wrong(key, "is not a whole number");
        }
        return value == null ? null : value.longValue();
    }

    /** A number that counts something. */
    @Nullable
    Long count(String key) throws DamagedRecordException {
        var number = number(key);
        if (number != null && number < 0) {
            throw wrong(key, "is negative");
        }
        return number;
    }

    @Nullable
    Integer smallCount(String key) throws DamagedRecordException {
        var number = count(key);
        if (number != null && number > Integer.MAX_VALUE) {
            throw wrong(key, "is too large");
        }
        return number == null ? null : number.intValue();
    }

    boolean flag(String key) throws DamagedRecordException {
        var value = value(key);
        if (value != null && !value.isBoolean()) {
            throw wrong(key, "is neither true nor false");
        }
        return value != null && value.booleanValue();
    }

    @Nullable
    Instant time(String key) throws DamagedRecordException {
        var text = nonEmptyText(key);
        try {
            var time = text == null ? null : OffsetDateTime.parse(text).toInstant();
            if (time != null && (time.isBefore(GO_ZERO) || time.isAfter(LAST))) {
                throw wrong(key, "is not between the years 1 and 9999");
            }
            return GO_ZERO.equals(time) ? null : time;
        } catch (DateTimeException e) {
            throw wrong(key, "is not an RFC 3339 time");
        }
    }

    @Nullable
    Fields object(String key) throws DamagedRecordException {
        var value = value(key);
        if (value == null) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return new Fields(where + key + ".", object);
        }
        throw wrong(key, "is not an object");
    }

    List<Fields> objects(String key) throws DamagedRecordException {
        var all = new ArrayList<Fields>();
        for (var element : elements(key)) {
            if (!(element instanceof ObjectNode object)) {
                throw wrong(key, "is not an array of objects");
            }
            all.add(new Fields(where + key + "[" + all.size() + "].", object));
        }
        return all;
    }

    <T> List<T> parsedAll(String key, Function<String, T> parser) throws DamagedRecordException {
        var all = new ArrayList<T>();
        for (var element : elements(key)) {
            if (!element.isTextual()) {
                throw wrong(key, "is not an array of strings");
            }
            if (all.size() == MAX_ELEMENTS) {
                throw wrong(key, "has more than " + MAX_ELEMENTS + " elements");
            }
            all.add(parse(key, usable(key, element.textValue()), parser));
        }
        return all;
    }

    private Iterable<JsonNode> elements(String key) throws DamagedRecordException {
        var value = value(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof ArrayNode array) {
            return array;
        }
        throw wrong(key, "is not an array");
    }

    /** An object whose values are strings; null counts as the empty one. */
    Map<String, String> texts(String key) throws DamagedRecordException {
        var object = object(key);
        var all = new LinkedHashMap<String, String>();
        if (object != null) {
            var length = 0L;
            for (var name : (Iterable<String>) object.node::fieldNames) {
                var text = object.text(usable(key, name));
                length += name.length() + (text == null ? 0 : text.length());
                if (length > MAX_TEXTS) {
                    throw wrong(key, "has more than " + MAX_TEXTS + " characters in all");
                }
                all.put(name, text == null ? "" : text);
            }
        }
        return all;
    }

    DamagedRecordException wrong(String key, String problem) {
        return new DamagedRecordException(where + key + " " + problem);
    }
}
