package dev.snapfork.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.snapfork.log.WireJson;
import dev.snapfork.platform.BadRequestException;
import jakarta.ws.rs.ClientErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Parses what strangers send: strict JSON of bounded size, depth and number of parts. */
final class RequestJson {
    /** Enough for a request that uses every field to its limit and escapes every character. */
    static final int MAX_BYTES = 128 << 10;

    static final int MAX_DEPTH = 32;
    static final int MAX_TOKENS = 10_000;
    private static final int MAX_SCALE = 400;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final ObjectMapper MAPPER = WireJson.configure(new JsonMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .build()))
            // what follows the value is looked for here, where it can be said in words
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // a fraction too small for a double would pass for the integer 0
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private RequestJson() {}

    static JsonNode parse(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (body.length > MAX_BYTES) {
            throw new ClientErrorException(
                    "the body has " + body.length + " bytes: at most " + MAX_BYTES + " are read", 413);
        }
        try (var parser = MAPPER.getFactory().createParser(text(body))) {
            JsonNode node = MAPPER.readTree(parser);
            if (node == null) {
                return JsonNodeFactory.instance.objectNode();
            }
            if (parser.nextToken() != null) {
                throw new BadRequestException("the body goes on after its JSON value: send one value only");
            }
            refuseUnwritable(node);
            refuseImmense(node);
            return node;
        } catch (JsonProcessingException e) {
            throw new BadRequestException("the body is not readable JSON" + where(e) + ": " + why(e));
        } catch (CharacterCodingException e) {
            throw new BadRequestException("the body is not readable JSON: send it in UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The parser would guess other encodings, and read overlong forms of what must not be there. */
    private static String text(byte[] body) throws CharacterCodingException {
        var text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(body))
                .toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }

    /** PostgreSQL keeps no text with a NUL, and half a character has no form in UTF-8: no record of the logs may have either. */
    private static void refuseUnwritable(JsonNode node) {
        if (node.isTextual()) {
            refuseUnwritable("text", node.textValue());
        }
        for (var field : node.properties()) {
            refuseUnwritable("name", field.getKey());
        }
        node.forEach(RequestJson::refuseUnwritable);
    }

    private static void refuseUnwritable(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new BadRequestException("the body has a " + what + " with a NUL character (\\u0000): leave it out");
        }
        if (text.codePoints().anyMatch(RequestJson::isHalf)) {
            throw new BadRequestException("the body has a " + what
                    + " with half a character (\\ud800 to \\udfff alone): write both halves, or leave it out");
        }
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Before anybody writes out the digits of such a number. */
    private static void refuseImmense(JsonNode node) {
        if (node.isBigDecimal() && Math.abs((long) node.decimalValue().scale()) > MAX_SCALE) {
            throw new BadRequestException("the body has a number with an exponent beyond " + MAX_SCALE);
        }
        node.forEach(RequestJson::refuseImmense);
    }

    private static String where(JsonProcessingException e) {
        var location = e.getLocation();
        return location == null || e instanceof StreamConstraintsException
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** The parser's words without the parts that speak to its programmer. */
    private static String why(JsonProcessingException e) {
        return switch (e) {
            case StreamConstraintsException tooMuch ->
                "it is nested more than " + MAX_DEPTH + " deep, has more than " + MAX_TOKENS
                        + " parts, or a name or number of immense length";
            case JsonEOFException early -> "it ends too early";
            default -> Echo.cut(e.getOriginalMessage().split("( ?\\(start marker)|(: enable )|`|\n", 2)[0]);
        };
    }
}
