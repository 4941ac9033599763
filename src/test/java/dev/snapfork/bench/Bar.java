package dev.snapfork.bench;

import java.util.Locale;
import java.util.Map;

/**
 * A bound that a figure is to keep.
 *
 * @param what the figure's name
 * @param atLeast whether the limit is the lowest that will do, and not the highest
 */
record Bar(String what, double value, boolean atLeast, double limit) {
    static Bar atLeast(String what, double value, double limit) {
        return new Bar(what, value, true, limit);
    }

    static Bar atMost(String what, double value, double limit) {
        return new Bar(what, value, false, limit);
    }

    /** A figure that is no number keeps no bound. */
    boolean met() {
        return atLeast ? value >= limit : value <= limit;
    }

    /** For the table. */
    String text() {
        return what + (atLeast ? " >= " : " <= ") + shortest(limit) + (met() ? " met" : " MISSED");
    }

    private static String shortest(double number) {
        return number == Math.rint(number)
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%s", number);
    }

    /** For the report. */
    Map<String, Object> figures() {
        return Map.of("what", what, "value", value, atLeast ? "at_least" : "at_most", limit, "met", met());
    }
}
