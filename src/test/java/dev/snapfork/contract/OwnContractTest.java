package dev.snapfork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.health.HealthState;
import dev.snapfork.instance.CompressionAlgorithm;
import dev.snapfork.instance.Hypervisor;
import dev.snapfork.instance.IdentityWish;
import dev.snapfork.instance.InstanceState;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.snapshot.CompressionState;
import dev.snapfork.snapshot.SnapshotKind;
import dev.snapfork.snapshot.TargetState;
import dev.snapfork.view.ListedLetter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OwnContractTest {
    private static final Map<String, List<Integer>> OPEN = Map.of(
            "GET /health", List.of(500),
            "GET /asyncapi", List.of(429, 500),
            "GET /schemas/{type}", List.of(404, 429, 500));

    @Test
    void whatTheServiceSendsFollowsTheDocument() {
        assertThatCode(() -> {
                    OwnContract.assertResponse("GET", "/snapshots", 200, "[" + Bodies.FULL_SNAPSHOT + "]");
                    OwnContract.assertResponse("GET", "/snapshots/{snapshotId}", 200, Bodies.SMALL_SNAPSHOT);
                    OwnContract.assertResponse("POST", "/snapshots/{snapshotId}/fork", 201, Bodies.FULL_INSTANCE);
                    OwnContract.assertResponse("GET", "/instances/{id}", 200, Bodies.SMALL_INSTANCE);
                    OwnContract.assertResponse("DELETE", "/instances/{id}", 202, Bodies.SMALL_OPERATION);
                    OwnContract.assertResponse("DELETE", "/instances/{id}", 204, null);
                    OwnContract.assertResponse("DELETE", "/instances/{id}", 204, "");
                    OwnContract.assertResponse("GET", "/operations/{id}", 200, Bodies.FULL_OPERATION);
                    OwnContract.assertResponse("GET", "/operations/{id}", 200, Bodies.TELLING_OPERATION);
                    OwnContract.assertResponse("POST", "/instances", 201, Bodies.FULL_INSTANCE);
                    OwnContract.assertResponse("POST", "/instances/{id}/standby", 200, Bodies.SMALL_INSTANCE);
                    OwnContract.assertResponse("GET", "/instances/{id}/wait", 200, Bodies.WAITED);
                    OwnContract.assertResponse("POST", "/instances/{id}/snapshots", 400, Bodies.ERROR);
                    OwnContract.assertResponse("POST", "/read-model/rebuild", 202, "{\"epoch\":2}");
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        PUT  | /snapshots              | 200 | []                             | not in the OpenAPI document
        GET  | /nowhere                | 200 | []                             | not in the OpenAPI document
        GET  | /snapshots              | 418 | []                             | not in the OpenAPI document
        GET  | /snapshots              | 200 | {}                             | array expected
        GET  | /snapshots              | 200 | [{}]                           | required property 'id' not found
        GET  | /health                 | 200 | {"status":"fine"}              | enumeration
        GET  | /health                 | 200 | {"status":"ok","since":1}      | since
        GET  | /health                 | 200 | ``                             | object expected
        GET  | /instances/{id}/wait    | 200 | {"state":"Running"}            | required property 'timed_out' not found
        GET  | /instances/{id}/wait    | 200 | {"state":"Up","timed_out":true} | enumeration
        POST | /read-model/rebuild     | 202 | {"epoch":"2"}                  | integer expected
        DELETE | /snapshots/{snapshotId} | 204 | {}                           | has no body
        DELETE | /snapshots/{snapshotId} | 404 | {"message":"m"}              | required property 'code' not found
        """)
    void anAnswerThatBreaksTheDocumentIsNoticed(String method, String path, int status, String body, String complaint) {
        assertThatThrownBy(() -> OwnContract.assertResponse(method, path, status, body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void everyRouteThatIsNotOpenCanBeRefusedForItsToken() {
        var routes = OwnContract.routes();

        assertThat(routes).hasSize(38);
        for (var route : routes) {
            var parts = route.split(" ", 2);
            for (var status : OPEN.getOrDefault(route, List.of(401, 403, 429, 500))) {
                OwnContract.assertResponse(parts[0], parts[1], status, Bodies.ERROR);
            }
        }
    }

    static Stream<Arguments> vocabularies() {
        return Stream.of(
                Arguments.of("/Hypervisor", texts(Hypervisor.values())),
                Arguments.of("/InstanceState", texts(InstanceState.values())),
                Arguments.of("/SnapshotKind", texts(SnapshotKind.values())),
                Arguments.of("/SnapshotTargetState", texts(TargetState.values())),
                Arguments.of("/ForkTargetState", texts(TargetState.values())),
                Arguments.of("/ForkSnapshotRequest/properties/identity", texts(IdentityWish.values())),
                Arguments.of("/ForkInstanceRequest/properties/identity", texts(IdentityWish.values())),
                Arguments.of("/HealthState", texts(HealthState.values())),
                Arguments.of("/DeadLetterState", texts(ListedLetter.State.values())),
                Arguments.of("/OperationKind", texts(OperationKind.values())),
                Arguments.of("/OperationStatus", texts(OperationStatus.values())),
                Arguments.of("/OperationError/properties/code", texts(RefusalCode.values())),
                Arguments.of("/Snapshot/properties/compression_state", texts(CompressionState.values())),
                Arguments.of("/CompressSnapshotRequest/properties/algorithm", texts(CompressionAlgorithm.values())),
                Arguments.of("/SnapshotCompressionConfig/properties/algorithm", texts(CompressionAlgorithm.values())));
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void theDocumentListsTheValuesThatTheVocabularyHas(String schema, Set<String> values) {
        var listed = Documents.own().at("/components/schemas" + schema).required("enum");

        assertThat(listed.valueStream().filter(value -> !value.isNull()).map(JsonNode::textValue))
                .containsExactlyInAnyOrderElementsOf(values);
    }

    private static Set<String> texts(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> WireJson.mapper().valueToTree(value).asText())
                .collect(Collectors.toSet());
    }
}
