package dev.snapfork.hypervisor.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the transcriptions with the monitors' published specifications. Not among the tests that every build runs, as those are not part
 * of the project: {@code SNAPFORK_HYPERVISOR_SPECS=directory mvn test -Dtest=HypervisorSpecificationCheck}, with {@code
 * cloud-hypervisor.yaml} and {@code firecracker.yaml} in there. Without them it fails.
 */
class HypervisorSpecificationCheck {
    private static final String VARIABLE = "SNAPFORK_HYPERVISOR_SPECS";

    static Stream<Arguments> calls() {
        return each("calls");
    }

    static Stream<Arguments> schemas() {
        return each("schemas");
    }

    private static Stream<Arguments> each(String part) {
        return Stream.of("cloud-hypervisor", "firecracker").flatMap(name -> {
            var ours = Specification.transcription(name);
            return ours.required(part)
                    .propertyStream()
                    .map(entry -> Arguments.of(name, ours.required("document").asText(), entry.getKey()));
        });
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("calls")
    void aCallIsAsTheOriginalSays(String name, String version, String call) throws IOException {
        var ours = Specification.transcription(name).required("calls").required(call);
        var original = original(name, version);
        var words = call.split(" ", 2);
        var operation = original.required("paths").path(words[1]).path(words[0].toLowerCase(Locale.ROOT));

        assertThat(operation.isMissingNode()).as("%s is in the original", call).isFalse();
        assertThat(body(operation)).isEqualTo(ours.path("body").asText());
        for (var answer : ours.required("answers")) {
            assertThat(operation.required("responses").has(answer.asText()))
                    .as("%s answers %s", call, answer)
                    .isTrue();
        }
        if (ours.has("returns")) {
            assertThat(operation
                            .required("responses")
                            .required("200")
                            .findValue("$ref")
                            .asText())
                    .endsWith("/" + ours.get("returns").asText());
        }
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("schemas")
    void aSchemaIsAsTheOriginalSays(String name, String version, String schema) throws IOException {
        var ours = Specification.transcription(name);
        var original = original(name, version);
        var theirs = original.has("definitions") ? original.get("definitions") : original.at("/components/schemas");
        Map<String, String> stated = new TreeMap<>();
        Map<String, String> found = new TreeMap<>();

        facts(schema, ours.required("schemas").required(schema), ours.required("schemas"), stated);
        facts(schema, theirs.required(schema), theirs, found);

        assertThat(found).containsAllEntriesOf(stated);
        assertThat(found.keySet().stream().filter(fact -> fact.endsWith("#required") && stated.containsKey(type(fact))))
                .as("required fields of objects that are transcribed")
                .allMatch(stated::containsKey);
    }

    private static String type(String fact) {
        return fact.substring(0, fact.lastIndexOf('.')) + "#type";
    }

    private static String body(JsonNode operation) {
        var reference = operation.path("requestBody").findValue("$ref");
        for (var parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("body")) {
                reference = parameter.findValue("$ref");
            }
        }
        return reference == null
                ? ""
                : reference.asText().substring(reference.asText().lastIndexOf('/') + 1);
    }

    private static void facts(String path, JsonNode node, JsonNode schemas, Map<String, String> into) {
        if (node.has("$ref")) {
            var reference = node.get("$ref").asText();
            facts(path, schemas.required(reference.substring(reference.lastIndexOf('/') + 1)), schemas, into);
            return;
        }
        into.put(path + "#type", node.path("type").asText());
        for (var bound : new String[] {"minimum", "maximum"}) {
            if (node.has(bound)) {
                into.put(path + "#" + bound, node.get(bound).asText());
            }
        }
        if (node.has("enum")) {
            into.put(
                    path + "#enum",
                    node.get("enum")
                            .valueStream()
                            .map(JsonNode::asText)
                            .sorted()
                            .toList()
                            .toString());
        }
        node.path("required").forEach(field -> into.put(path + "." + field.asText() + "#required", "true"));
        if (node.has("items")) {
            facts(path + "[]", node.get("items"), schemas, into);
        }
        node.path("properties")
                .properties()
                .forEach(field -> facts(path + "." + field.getKey(), field.getValue(), schemas, into));
    }

    private static JsonNode original(String name, String version) throws IOException {
        var directory = System.getProperty(VARIABLE, System.getenv(VARIABLE));
        assertThat(directory)
                .as(
                        "set %s to the directory of the monitors' specifications, as environment variable or system property",
                        VARIABLE)
                .isNotBlank();
        var file = Path.of(directory, name + ".yaml");
        assertThat(file).as("the published specification of %s", name).isRegularFile();
        var original = new YAMLMapper().readTree(Files.readAllBytes(file));
        assertThat(original.at("/info/version").asText()).isEqualTo(version);
        return original;
    }
}
