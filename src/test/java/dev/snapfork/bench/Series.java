package dev.snapfork.bench;

import java.util.List;
import java.util.Locale;

/**
 * Figures of the same thing, measured several times.
 *
 * @param values one or more, in the order in which they were measured
 */
record Series(List<Double> values) {
    Series {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        values = List.copyOf(values);
    }

    /** The one in the middle; of an even number the mean of the two there. */
    double median() {
        var sorted = values.stream().sorted().toList();
        var middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /**
     * The smallest value that at least so many percent of all values do not exceed.
     *
     * @param percent more than 0, at most 100
     */
    double percentile(double percent) {
        if (percent <= 0 || percent > 100) {
            throw new IllegalArgumentException("no percentile: " + percent);
        }
        var rank = (int) Math.ceil(percent * values.size() / 100);
        return values.stream().sorted().skip(rank - 1L).findFirst().orElseThrow();
    }

    double smallest() {
        return values.stream().mapToDouble(it -> it).min().orElseThrow();
    }

    double largest() {
        return values.stream().mapToDouble(it -> it).max().orElseThrow();
    }

    /** How far apart they lie, as {@code smallest..largest}. */
    String spread() {
        return String.format(Locale.ROOT, "%.3f..%.3f", smallest(), largest());
    }
}
