package dev.snapfork.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything that was measured, as JSON. */
final class Report {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Map<String, Object> content = new LinkedHashMap<>();
    private final Map<String, Object> tables = new LinkedHashMap<>();

    Report(Options options, Instant started, double loadAverage) {
        content.put("started_at", started.toString());
        content.put("runs", options.runs());
        content.put(
                "machine",
                Map.of(
                        "processors", Lab.processors(),
                        "kernel", System.getProperty("os.version"),
                        "architecture", System.getProperty("os.arch"),
                        "java", System.getProperty("java.runtime.version")));
        content.put("load_average_at_start", loadAverage);
        content.put("tables", tables);
    }

    void add(String name, Table table) {
        tables.put(name, table.report());
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JSON.writeValue(file.toFile(), content);
    }
}
