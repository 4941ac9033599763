package dev.snapfork.instance;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The limits of tag maps. */
public final class Tags {
    public static final int MAX_COUNT = 50;
    public static final int MAX_KEY = 128;
    public static final int MAX_VALUE = 256;
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9 _.:/=+@-]*");

    private Tags() {}

    /** What is wrong with the tags, in words for their sender; empty if nothing is. */
    public static Optional<String> problem(Map<String, String> tags) {
        if (tags.size() > MAX_COUNT) {
            return Optional.of("at most " + MAX_COUNT + " tags are allowed, got " + tags.size());
        }
        for (var tag : tags.entrySet()) {
            if (tag.getKey().isEmpty() || tag.getKey().length() > MAX_KEY) {
                return Optional.of("a tag key has 1 to " + MAX_KEY + " characters");
            }
            if (tag.getValue().length() > MAX_VALUE) {
                return Optional.of("a tag value has at most " + MAX_VALUE + " characters");
            }
            if (!ALLOWED.matcher(tag.getKey()).matches()
                    || !ALLOWED.matcher(tag.getValue()).matches()) {
                return Optional.of("tag keys and values may use letters, digits, spaces and _.:/=+@-");
            }
        }
        return Optional.empty();
    }
}
