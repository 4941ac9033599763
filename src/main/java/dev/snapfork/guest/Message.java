package dev.snapfork.guest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request or an answer: the protocol, an id, a word, and fields.
 *
 * @param word the verb of a request, {@code ok} or {@code error} of an answer
 * @param fields in their order, decoded
 */
record Message(String id, String word, Map<String, String> fields) {
    private static final String PROTOCOL = "snapfork/1";
    /** Tells the reader to forget what came of the line before it: it may be the rest of what was said before a snapshot. */
    private static final char CANCEL = '\u0018';

    private static final String PLAIN = "-._~:/,";
    private static final int HEAD = 3;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    Message {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** As it goes over the wire. */
    String encoded() {
        var text = new StringBuilder().append(CANCEL).append(PROTOCOL);
        text.append(' ').append(id).append(' ').append(word);
        fields.forEach((key, value) -> {
            text.append(' ').append(key).append('=');
            encode(value, text);
        });
        return text.append('\n').toString();
    }

    /** Reads a line without its end; empty if it is none of this protocol. */
    static Optional<Message> decoded(String line) {
        var words = line.substring(line.lastIndexOf(CANCEL) + 1).split(" ", -1);
        if (words.length < HEAD || !words[0].equals(PROTOCOL)) {
            return Optional.empty();
        }
        var fields = new LinkedHashMap<String, String>();
        for (var i = HEAD; i < words.length; i++) {
            var equals = words[i].indexOf('=');
            if (equals < 1) {
                return Optional.empty();
            }
            var value = decode(words[i].substring(equals + 1));
            if (value.isEmpty() || fields.put(words[i].substring(0, equals), value.get()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(new Message(words[1], words[2], fields));
    }

    private static void encode(String value, StringBuilder text) {
        for (var octet : value.getBytes(StandardCharsets.UTF_8)) {
            var letter = (char) Byte.toUnsignedInt(octet);
            if (isPlain(letter)) {
                text.append(letter);
            } else {
                text.append('%').append(HEX.toHexDigits(octet));
            }
        }
    }

    private static boolean isPlain(char letter) {
        return (letter >= 'a' && letter <= 'z')
                || (letter >= 'A' && letter <= 'Z')
                || (letter >= '0' && letter <= '9')
                || PLAIN.indexOf(letter) >= 0;
    }

    private static Optional<String> decode(String value) {
        var octets = new ByteArrayOutputStream(value.length());
        for (var i = 0; i < value.length(); i++) {
            var letter = value.charAt(i);
            if (letter != '%') {
                octets.write(letter);
            } else if (i + 2 < value.length()
                    && HexFormat.isHexDigit(value.charAt(i + 1))
                    && HexFormat.isHexDigit(value.charAt(i + 2))) {
                octets.write(HexFormat.fromHexDigits(value, i + 1, i + HEAD));
                i += 2;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(octets.toString(StandardCharsets.UTF_8));
    }
}
