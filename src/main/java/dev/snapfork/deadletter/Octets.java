package dev.snapfork.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in JSON: as text where they are one that PostgreSQL keeps, else in Base64. Exactly one of the two is given.
 *
 * @param text its UTF-8 form is the bytes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Octets(@Nullable String text, @Nullable String base64) {

    public static Octets of(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf('\0') < 0) {
                return new Octets(text, null);
            }
        } catch (CharacterCodingException e) {
            return new Octets(null, Base64.getEncoder().encodeToString(bytes));
        }
        return new Octets(null, Base64.getEncoder().encodeToString(bytes));
    }

    static @Nullable Octets ofNullable(byte @Nullable [] bytes) {
        return bytes == null ? null : of(bytes);
    }

    /** The very bytes. */
    public byte[] bytes() {
        return text != null
                ? text.getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(base64 == null ? "" : base64);
    }
}
