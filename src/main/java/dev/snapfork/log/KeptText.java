package dev.snapfork.log;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Text that all that is behind the logs can keep: PostgreSQL has no NUL, and half a character has no form in UTF-8. A record with
 * either would be worked on and could never be settled.
 */
public final class KeptText {
    /** The first byte of a surrogate that was written as if it were a character. */
    private static final byte SURROGATE = (byte) 0xED;

    private KeptText() {}

    /** @throws UnreadableRecordException if a text or a name in the JSON is no such text; what is no JSON is let pass */
    public static void require(byte[] json) {
        if (!mayHoldOther(json)) {
            return;
        }
        try (var parser = WireJson.mapper().createParser(json)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                require(token, parser);
            }
        } catch (IOException e) {
            // said by whoever reads it for what it means
        }
    }

    private static void require(JsonToken token, JsonParser parser) throws IOException {
        if ((token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) && !isKept(parser.getText())) {
            throw new UnreadableRecordException("its JSON holds a NUL or half a character, which cannot be kept");
        }
    }

    private static boolean isKept(String text) {
        return text.indexOf('\0') < 0
                && text.codePoints()
                        .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** Of nearly all records this is no, without taking them apart. */
    private static boolean mayHoldOther(byte[] json) {
        for (var i = 0; i < json.length; i++) {
            if (json[i] == SURROGATE || (json[i] == '\\' && i + 1 < json.length && json[i + 1] == 'u')) {
                return true;
            }
        }
        return false;
    }
}
