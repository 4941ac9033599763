package dev.snapfork.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestsTest {
    @ParameterizedTest
    @MethodSource("dev.snapfork.deploy.Manifests#directories")
    void everyDirectoryRendersToWhatKubernetesKnows(Path directory) {
        assertThat(Manifests.in(directory).all()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.snapfork.deploy.Manifests#directories")
    void nothingIsThereTwice(Path directory) {
        assertThat(Kustomize.render(directory))
                .extracting(it -> Kustomize.kind(it) + " " + Kustomize.name(it))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyFileIsPartOfAKustomization() throws IOException {
        try (var files = Files.walk(Documents.K8S)) {
            assertThat(files.filter(Files::isRegularFile))
                    .filteredOn(it -> !it.endsWith("kustomization.yaml") && !it.endsWith("secret.example.yaml"))
                    .allSatisfy(it -> assertThat(Documents.text(it.resolveSibling("kustomization.yaml")))
                            .contains(it.getFileName().toString()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /spec                                    | replica
            /spec/template/spec                      | automountServiceAcountToken
            /spec/template/spec/containers/0         | readinesProbe
            /spec/template/spec/containers/0/resources | limit
            /spec/template/spec/securityContext      | runAsNonroot
            /metadata                                | label
            """)
    void whatNoModelHasIsRefused(String place, String field) {
        var deployment = Kustomize.render(Documents.K8S.resolve("base")).stream()
                .filter(it -> Kustomize.kind(it).equals("Deployment"))
                .findFirst()
                .orElseThrow();
        ((ObjectNode) deployment.at(place)).put(field, "x");

        assertThatThrownBy(() -> Models.read(deployment)).hasMessageContaining(field);
    }

    @Test
    void aVersionThatIsNotServedIsRefused() {
        var budget = Documents.all("""
                apiVersion: policy/v1beta1
                kind: PodDisruptionBudget
                metadata: {name: old}
                """).getFirst();

        assertThatThrownBy(() -> Models.read(budget)).hasMessageContaining("policy/v1beta1");
    }

    @ParameterizedTest
    @CsvSource({"namePrefix, x", "helmCharts, []", "components, []", "replicas, []"})
    void whatTheRendererDoesNotDoIsRefused(String field, String value, @TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("kustomization.yaml"),
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n" + field + ": " + value + "\n");

        assertThatThrownBy(() -> Kustomize.render(directory)).hasMessageContaining(field);
    }
}
