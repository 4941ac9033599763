package dev.snapfork.file;

import java.util.regex.Pattern;

/**
 * What a file's content is known by: the algorithm's name and a value. Equal digests mean equal length and content.
 *
 * @param value {@code xxh64-tree-1m:} and 64 lowercase hexadecimal digits; {@link TreeDigest} defines them
 */
public record ContentDigest(String value) {
    static final String PREFIX = "xxh64-tree-1m:";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{64}");

    public ContentDigest {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a digest of the form " + FORM + ": " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
