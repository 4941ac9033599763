package dev.snapfork.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line of a table.
 *
 * @param id what it can be picked by, with slashes, the table's name first
 * @param cells what is printed behind the id, one a column
 * @param figures what the report says beside
 * @param notRun why it was not measured, or null
 */
record Row(
        String id,
        List<String> cells,
        Map<String, Object> figures,
        List<Bar> bars,
        @Nullable String notRun) {
    Row {
        cells = List.copyOf(cells);
        bars = List.copyOf(bars);
    }

    static Row of(String id, List<String> cells, Map<String, Object> figures, List<Bar> bars) {
        return new Row(id, cells, figures, bars, null);
    }

    static Row notRun(String id, String reason) {
        return new Row(id, List.of(), Map.of(), List.of(), reason);
    }

    /** What is printed: the id, the cells, and last the bounds. */
    List<String> printed() {
        var all = new ArrayList<String>();
        all.add(id);
        all.addAll(cells);
        all.add(notRun == null ? bars.stream().map(Bar::text).collect(Collectors.joining("; ")) : "NOT RUN: " + notRun);
        return all;
    }

    /** For the report. */
    Map<String, Object> report() {
        var all = new LinkedHashMap<String, Object>();
        all.put("id", id);
        if (notRun != null) {
            all.put("not_run", notRun);
        }
        all.putAll(figures);
        all.put("bars", bars.stream().map(Bar::figures).toList());
        return all;
    }
}
