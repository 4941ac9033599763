package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A size as people write it: {@code 512MB}, {@code 2G}; units are powers of 1024. */
public record ByteSize(long bytes) {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,18}) ?([KMGTP]?)i?B?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGTP";

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative, got " + bytes);
        }
    }

    /** @throws IllegalArgumentException if the text is no size or does not fit in 63 bits */
    @JsonCreator
    public static ByteSize parse(String text) {
        var match = SHAPE.matcher(text.strip());
        if (!match.matches()) {
            throw new IllegalArgumentException("invalid size \"" + text + "\": write it like 512MB or 2GB");
        }
        var shift = match.group(2).isEmpty()
                ? 0
                : 10 * (1 + UNITS.indexOf(Character.toUpperCase(match.group(2).charAt(0))));
        var number = Long.parseLong(match.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("invalid size \"" + text + "\": too large");
        }
        return new ByteSize(number << shift);
    }

    /** The shortest exact form. */
    @JsonValue
    @Override
    public String toString() {
        var unit = 0;
        var rest = bytes;
        while (rest != 0 && rest % 1024 == 0 && unit < UNITS.length()) {
            rest /= 1024;
            unit++;
        }
        return rest + (unit == 0 ? "" : UNITS.substring(unit - 1, unit)) + "B";
    }
}
