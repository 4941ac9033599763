package dev.snapfork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.log.WireJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record of a log as a version of the service wrote it. Those in {@code src/test/resources/records} are never changed: processes of
 * that version run beside this one, or ran before it.
 */
public record RecordedRecord(ObjectNode headers, JsonNode value) {
    private static final Path DIRECTORY = Path.of("src", "test", "resources", "records");

    public static RecordedRecord of(Headers headers, byte[] value) throws IOException {
        var names = WireJson.mapper().createObjectNode();
        headers.forEach(header -> names.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return new RecordedRecord(names, WireJson.mapper().readTree(value));
    }

    /** The files of a log. */
    public static List<Path> files(String log) throws IOException {
        try (var files = Files.list(DIRECTORY.resolve(log))) {
            return files.sorted().toList();
        }
    }

    public static RecordedRecord read(Path file) throws IOException {
        var json = WireJson.mapper().readTree(file.toFile());
        return new RecordedRecord((ObjectNode) json.required("headers"), json.required("value"));
    }

    /** Writes it, if that was asked for by {@code -Drecords.publish=true} and there is no such file. */
    public void publish(String log, String name) throws IOException {
        var file = DIRECTORY.resolve(log).resolve(name + ".json");
        if (Boolean.getBoolean("records.publish") && Files.notExists(file)) {
            var json = WireJson.mapper().createObjectNode();
            json.set("headers", headers);
            json.set("value", value);
            Files.writeString(file, json.toPrettyString() + "\n");
        }
    }

    public Headers kafkaHeaders() {
        var all = new RecordHeaders();
        headers.properties()
                .forEach(header ->
                        all.add(header.getKey(), header.getValue().asText().getBytes(StandardCharsets.UTF_8)));
        return all;
    }

    public byte[] bytes() {
        return WireJson.bytes(value);
    }

    /** What was said here, and is said there in another way or not at all; more may be said there. */
    public List<String> lostIn(RecordedRecord other) {
        var lost = new ArrayList<String>();
        compare("headers", headers, other.headers, lost);
        compare("value", value, other.value, lost);
        return lost;
    }

    /** As {@link #lostIn(RecordedRecord)}, of documents. */
    public static List<String> lost(JsonNode recorded, JsonNode now) {
        var lost = new ArrayList<String>();
        compare("", recorded, now, lost);
        return lost;
    }

    private static void compare(String place, JsonNode recorded, JsonNode now, List<String> lost) {
        if (recorded.isObject() && now.isObject()) {
            recorded.properties()
                    .forEach(field ->
                            compare(place + "/" + field.getKey(), field.getValue(), now.path(field.getKey()), lost));
        } else if (recorded.isArray() && now.isArray() && now.size() >= recorded.size()) {
            for (var i = 0; i < recorded.size(); i++) {
                compare(place + "/" + i, recorded.get(i), now.get(i), lost);
            }
        } else if (!(recorded.isNumber() && now.isNumber() && recorded.asText().equals(now.asText()))
                && !recorded.equals(now)) {
            // the same number may be an int here and a long there
            lost.add(place + " was " + recorded + " and is " + (now.isMissingNode() ? "gone" : now));
        }
    }
}
