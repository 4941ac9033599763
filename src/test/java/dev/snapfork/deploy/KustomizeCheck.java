package dev.snapfork.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The renderer of these tests and kustomize make the same of every directory. Not part of the suite, since it needs {@code kubectl}:
 * {@code deploy/local/test --only KustomizeCheck}.
 */
class KustomizeCheck {
    @ParameterizedTest
    @MethodSource("dev.snapfork.deploy.Manifests#directories")
    void theRendererMakesWhatKustomizeMakes(Path directory) throws IOException, InterruptedException {
        var process = new ProcessBuilder("kubectl", "kustomize", directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        var rendered = Kustomize.render(directory);

        assertThat(process.waitFor()).isZero();
        assertThat(byName(rendered)).isEqualTo(byName(Documents.all(text)));
    }

    private static Map<String, JsonNode> byName(List<ObjectNode> resources) {
        var named = new TreeMap<String, JsonNode>();
        resources.forEach(it -> named.put(Kustomize.kind(it) + " " + Kustomize.name(it), it));
        return named;
    }
}
