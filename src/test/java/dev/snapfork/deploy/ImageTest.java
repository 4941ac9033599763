package dev.snapfork.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {
    private static final String DOCKERFILE = Documents.text(Documents.ROOT.resolve("docker/Dockerfile"));
    private static final Map<String, String> STAGES = stages();

    /** The text of each stage by its name; the last one has none. */
    private static Map<String, String> stages() {
        return Pattern.compile("(?m)^FROM (\\S+)(?: AS (\\S+))?\n([^\u0000]*?)(?=^FROM |\\z)")
                .matcher(DOCKERFILE)
                .results()
                .collect(Collectors.toMap(
                        it -> it.group(2) == null ? "last" : it.group(2), it -> it.group(1) + "\n" + it.group(3)));
    }

    @Test
    void basesAreArgumentsWithPinnedVersions() {
        var arguments = Pattern.compile("(?m)^ARG (\\w+_IMAGE)=(\\S+)$")
                .matcher(DOCKERFILE)
                .results()
                .toList();
        var bases = STAGES.values().stream().map(it -> it.lines().findFirst().orElseThrow());

        assertThat(arguments).extracting(it -> it.group(2)).allSatisfy(it -> assertThat(it)
                .matches("[a-z0-9./-]+:\\d[\\w.-]*\\d[\\w.-]*"));
        assertThat(bases)
                .allSatisfy(it -> assertThat(it.startsWith("${") ? names(arguments) : List.copyOf(STAGES.keySet()))
                        .contains(it.replaceAll("[${}]", "")));
    }

    private static List<String> names(List<MatchResult> arguments) {
        return arguments.stream().map(it -> it.group(1)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "with-qemu"})
    void whatRunsIsNotRoot(String stage) {
        var users = Pattern.compile("(?m)^USER (.+)$")
                .matcher(STAGES.get(stage))
                .results()
                .toList();

        assertThat(users.getLast().group(1)).matches("[1-9]\\d*:[1-9]\\d*");
    }

    @Test
    void theImageIsTheOneWithoutQemuUnlessAskedFor() {
        assertThat(STAGES.get("last")).isEqualToIgnoringWhitespace("plain");
    }

    @Test
    void theImageSaysWhatItIsAndWhetherItIsHealthy() {
        assertThat(STAGES.get("plain"))
                .contains("org.opencontainers.image.title", "org.opencontainers.image.licenses=\"Apache-2.0\"")
                .contains("org.opencontainers.image.version", "org.opencontainers.image.revision")
                .contains("HEALTHCHECK")
                .contains("snapfork.cdx.json")
                .contains("snapfork.aot")
                .contains("EXPOSE " + Declared.property("quarkus.http.port"))
                .contains("VOLUME /var/lib/snapfork")
                .contains("SNAPFORK_DATA_DIR=/var/lib/snapfork");
    }

    @Test
    void theTrainingRunAndTheImageHaveTheSameOptions() {
        assertThat(STAGES.get("runtime")).contains("ENV JVM_OPTIONS=");
        assertThat(Documents.text(Documents.ROOT.resolve("docker/train")))
                .contains("java $JVM_OPTIONS \"-XX:AOTCacheOutput=");
        assertThat(Documents.text(Documents.ROOT.resolve("docker/start")))
                .contains("java $JVM_OPTIONS \"-XX:AOTCache=");
    }

    @Test
    void theBuildSeesWhatItReadsAndNothingElse() {
        var ignored = Documents.text(Documents.ROOT.resolve(".dockerignore"))
                .lines()
                .filter(it -> !it.startsWith("#"))
                .toList();
        var copied = Pattern.compile("(?m)^COPY (?!--from)(.+) \\S+$")
                .matcher(DOCKERFILE)
                .results()
                .flatMap(it -> Pattern.compile(" ").splitAsStream(it.group(1)))
                .toList();

        assertThat(ignored.getFirst()).isEqualTo("*");
        assertThat(copied).isNotEmpty().allSatisfy(it -> {
            assertThat(Documents.ROOT.resolve(it)).exists();
            assertThat(ignored).contains("!" + it.split("/", 2)[0]);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"docker/start", "docker/healthy", "docker/train", "deploy/compose/up", "deploy/compose/down"})
    void scriptsCanBeRun(String script) {
        assertThat(Files.isExecutable(Documents.ROOT.resolve(script))).isTrue();
        assertThat(Documents.text(Documents.ROOT.resolve(script))).contains("set -euo pipefail");
    }
}
