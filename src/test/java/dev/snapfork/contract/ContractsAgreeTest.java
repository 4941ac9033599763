package dev.snapfork.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The OpenAPI document that is served says what the upstream's says, as far as they speak of the same things. */
class ContractsAgreeTest {
    /** What the upstream does not say: more fields in answers, and more certainty about them. */
    private static final Set<String> ADDED = Set.of(
            "Snapshot.health#type",
            "Snapshot.health#enum",
            "Snapshot.health_checked_at#type",
            "Snapshot.health_checked_at#format",
            "Snapshot.health_error#type",
            "Instance.health#type",
            "Instance.health#enum",
            "Instance.health_checked_at#type",
            "Instance.health_checked_at#format",
            "Instance.health_error#type",
            "Snapshot.version#type",
            "Snapshot.version#format",
            "Snapshot.version#minimum",
            "Snapshot#required:version",
            "SnapshotSchedule.id#type",
            "SnapshotSchedule.runs#type",
            "SnapshotSchedule.runs#format",
            "SnapshotSchedule.runs#minimum",
            "SnapshotSchedule.current_operation_id#type",
            "SnapshotSchedule.version#type",
            "SnapshotSchedule.version#format",
            "SnapshotSchedule.version#minimum",
            "SnapshotSchedule#required:id",
            "SnapshotSchedule#required:runs",
            "SnapshotSchedule#required:version",
            "Instance.version#type",
            "Instance.version#format",
            "Instance.version#minimum",
            "ForkSnapshotRequest.identity#type",
            "ForkSnapshotRequest.identity#enum",
            "ForkInstanceRequest.identity#type",
            "ForkInstanceRequest.identity#enum",
            "Instance#required:version",
            "Instance#required:has_snapshot",
            "Instance#required:hypervisor");

    static Stream<String> names() {
        return Documents.transcription().required("schemas").propertyStream().map(java.util.Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theServedSchemaAgreesWithTheUpstreams(String name) {
        var upstream = new TreeMap<>(Facts.of(Documents.transcription(), "/schemas/" + name, name));
        var own = new TreeMap<>(Facts.of(Documents.own(), "/components/schemas/" + name, name));
        // compared below
        upstream.keySet().removeIf(ContractsAgreeTest::isNullability);
        own.keySet().removeIf(ContractsAgreeTest::isNullability);
        own.keySet().removeAll(ADDED);

        assertThat(own).isEqualTo(upstream);
    }

    @ParameterizedTest
    @MethodSource("names")
    void onlyRequestsMayHaveNullsThatTheUpstreamDoesNotKnow(String name) {
        var upstream = Facts.of(Documents.transcription(), "/schemas/" + name, name);
        var own = new TreeMap<>(Facts.of(Documents.own(), "/components/schemas/" + name, name));
        own.keySet().removeIf(fact -> !isNullability(fact));
        // these two are parts of requests as well as of answers
        own.keySet().removeIf(fact -> fact.contains("compression.") || fact.contains("snapshot_policy."));

        if (!name.endsWith("Request") && !name.equals("SnapshotCompressionConfig") && !name.equals("SnapshotPolicy")) {
            assertThat(upstream).containsAllEntriesOf(own);
        }
    }

    @Test
    void aChangedRuleIsNoticed() {
        var document = Documents.own();
        var before = Facts.of(document, "/components/schemas/CreateSnapshotRequest", "x");

        ((com.fasterxml.jackson.databind.node.ObjectNode) document.at("/components/schemas/Tags/propertyNames"))
                .put("maxLength", 127);

        assertThat(Facts.of(document, "/components/schemas/CreateSnapshotRequest", "x"))
                .isNotEqualTo(before);
    }

    private static boolean isNullability(String fact) {
        return fact.endsWith("#nullable");
    }
}
