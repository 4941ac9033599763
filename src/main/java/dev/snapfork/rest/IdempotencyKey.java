package dev.snapfork.rest;

import dev.snapfork.platform.BadRequestException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name that a caller gives to a request, so that sending it again does nothing again.
 *
 * @param caller a digest of the token's subject: what one calls a request is nobody else's business, and no names are kept
 * @param key compared character by character
 */
record IdempotencyKey(String caller, String key) {
    static final String HEADER = "Idempotency-Key";
    private static final int LONGEST = 255;
    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]+");

    /**
     * The key that a request has.
     *
     * @param headers the values of its {@value #HEADER} headers
     * @param subject whom the token was given to; empty where there is none
     * @throws BadRequestException if it cannot be a key
     */
    static Optional<IdempotencyKey> of(List<String> headers, String subject) {
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        if (headers.size() > 1) {
            throw new BadRequestException(HEADER + ": send one, got " + headers.size());
        }
        var key = headers.getFirst();
        if (key.isEmpty() || key.length() > LONGEST) {
            throw new BadRequestException(HEADER + ": must have 1 to " + LONGEST + " characters, got " + key.length()
                    + ": a UUID for instance");
        }
        if (!VISIBLE_ASCII.matcher(key).matches()) {
            throw new BadRequestException(HEADER + ": must be visible ASCII characters without spaces, got "
                    + Echo.quoted(key) + ": a UUID for instance");
        }
        return Optional.of(new IdempotencyKey(Sha256.hex(subject), key));
    }
}
