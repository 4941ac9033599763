package dev.snapfork.instance;

import java.util.regex.Pattern;

/** The rule for names of instances and snapshots. */
public final class Name {
    public static final int MAX_LENGTH = 63;
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

    private Name() {}

    public static boolean isValid(String name) {
        return name.length() <= MAX_LENGTH && SHAPE.matcher(name).matches();
    }

    /**
     * Returns the name unchanged.
     *
     * @throws IllegalArgumentException if it is longer than 63 characters or has others than lowercase letters, digits and
     *     inner dashes
     */
    public static String require(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("a name has at most " + MAX_LENGTH
                    + " lowercase letters, digits and dashes, and neither starts nor ends with a dash");
        }
        return name;
    }
}
