package dev.snapfork.api;

import java.util.Set;
import java.util.TreeSet;

/** The metrics' page at one moment. */
record Metrics(String page) {
    static Metrics of(ApiClient api) {
        return new Metrics(api.get("/q/metrics").expect(200).body());
    }

    /** The value of a series, with its labels in the order in which the page has them; 0 if there is none yet. */
    double value(String series) {
        return page.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** The names of all series. */
    Set<String> names() {
        var names = new TreeSet<String>();
        page.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
        return names;
    }
}
