package dev.snapfork.instance;

import java.util.Optional;
import java.util.regex.Pattern;

/** The rule for names of images: what may stand below {@code images/}, and lead nowhere else. */
public final class ImageName {
    public static final int MAX_LENGTH = 255;
    private static final String PART = "[A-Za-z0-9][A-Za-z0-9._:@-]*";
    private static final Pattern SHAPE = Pattern.compile(PART + "(/" + PART + ")*");

    private ImageName() {}

    /** What is wrong with the name, in words for its sender; empty if nothing is. Whether there is such an image is another question. */
    public static Optional<String> problem(String name) {
        if (name.length() > MAX_LENGTH) {
            return Optional.of("image must have at most " + MAX_LENGTH + " characters, got " + name.length());
        }
        return SHAPE.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(
                        "image must name a directory below images/ in the data directory: letters, digits and ._:@- in parts "
                                + "with single slashes between them, each beginning with a letter or digit");
    }
}
