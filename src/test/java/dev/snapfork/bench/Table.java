package dev.snapfork.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one benchmark found.
 *
 * @param title what is measured, and in which units
 * @param columns the headings of the rows' cells
 */
record Table(String title, List<String> columns, List<Row> rows) {
    Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    void print(PrintStream out) {
        var head = Stream.of(Stream.of("row"), columns.stream(), Stream.of("bars"))
                .flatMap(it -> it)
                .toList();
        var lines =
                Stream.concat(Stream.of(head), rows.stream().map(this::aligned)).toList();
        out.println();
        out.println(title);
        for (var line : lines) {
            var text = new StringBuilder();
            for (var column = 0; column < line.size(); column++) {
                var cell = line.get(column);
                var padding = " ".repeat(width(lines, column) - cell.length());
                // words begin where the column begins, figures end where it ends
                text.append(column == 0 || column == line.size() - 1 ? cell + padding : padding + cell)
                        .append("  ");
            }
            out.println(text.toString().stripTrailing());
        }
    }

    /** A row that was not measured has no cells. */
    private List<String> aligned(Row row) {
        var printed = row.printed();
        return row.notRun() == null
                ? printed
                : Stream.of(
                                Stream.of(printed.getFirst()),
                                columns.stream().map(column -> "-"),
                                Stream.of(printed.getLast()))
                        .flatMap(it -> it)
                        .toList();
    }

    private static int width(List<List<String>> lines, int column) {
        return IntStream.range(0, lines.size())
                .map(line -> lines.get(line).get(column).length())
                .max()
                .orElse(0);
    }

    /** For the report. */
    Map<String, Object> report() {
        return Map.of("title", title, "rows", rows.stream().map(Row::report).toList());
    }
}
