package dev.snapfork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.health.HealthState;
import java.util.List;
import java.util.stream.Stream;

/** Asserts that a response body is one that the upstream's clients expect, with no fields but theirs and those listed here. */
public final class UpstreamContract {
    /** What Snapfork adds. */
    private static final List<String> EXTENDED = List.of("Snapshot", "Instance");

    private static final StrictSchemas SCHEMAS = new StrictSchemas(withAdditions());

    private UpstreamContract() {}

    public static void assertSnapshot(String json) {
        SCHEMAS.check("snapshot", reference("Snapshot"), json);
    }

    public static void assertSnapshots(String jsonArray) {
        SCHEMAS.check("list of snapshots", arrayOf("Snapshot"), jsonArray);
    }

    public static void assertInstance(String json) {
        SCHEMAS.check("instance", reference("Instance"), json);
    }

    public static void assertInstances(String jsonArray) {
        SCHEMAS.check("list of instances", arrayOf("Instance"), jsonArray);
    }

    public static void assertSchedule(String json) {
        SCHEMAS.check("snapshot schedule", reference("SnapshotSchedule"), json);
    }

    public static void assertWaited(String json) {
        SCHEMAS.check("wait for a state", reference("WaitForStateResponse"), json);
    }

    public static void assertError(String json) {
        SCHEMAS.check("error", reference("Error"), json);
    }

    public static void assertHealth(String json) {
        SCHEMAS.check("health", reference("Health"), json);
    }

    private static JsonNode withAdditions() {
        var document = Documents.transcription();
        for (var name : EXTENDED) {
            var schema = (ObjectNode) document.required("schemas").required(name);
            var properties = schema.withObject("properties");
            properties.putObject("version").put("type", "integer").put("minimum", 1);
            var health = properties.putObject("health").put("type", "string").putArray("enum");
            Stream.of(HealthState.values()).map(HealthState::text).forEach(health::add);
            properties.putObject("health_checked_at").put("type", "string").put("format", "date-time");
            properties.putObject("health_error").put("type", "string");
        }
        var schedule = (ObjectNode) document.required("schemas").required("SnapshotSchedule");
        var added = schedule.withObject("properties");
        added.putObject("version").put("type", "integer").put("minimum", 1);
        added.putObject("runs").put("type", "integer").put("minimum", 0);
        added.putObject("id").put("type", "string");
        added.putObject("current_operation_id").put("type", "string");
        return document;
    }

    private static ObjectNode reference(String name) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/schemas/" + name);
    }

    private static ObjectNode arrayOf(String name) {
        var array = JsonNodeFactory.instance.objectNode().put("type", "array");
        array.set("items", reference(name));
        return array;
    }
}
