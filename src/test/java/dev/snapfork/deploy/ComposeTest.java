package dev.snapfork.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.deploy.Compose.Service;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ComposeTest {
    private static final Compose COMPOSE = Compose.read();

    static Stream<Entry<String, Service>> services() {
        return COMPOSE.services().entrySet().stream();
    }

    static Stream<Entry<String, Service>> snapfork() {
        return services().filter(it -> it.getValue().isSnapfork());
    }

    @Test
    void everyRoleIsPlayedAndThereAreTwoWorkers() {
        assertThat(snapfork().map(it -> it.getValue().environment().get("SNAPFORK_ROLES")))
                .containsExactlyInAnyOrder("api", "worker", "worker", "projection", "scheduler");
    }

    @ParameterizedTest
    @MethodSource("services")
    void imagesArePinned(Entry<String, Service> service) {
        // the variable's default, if there is one
        var image = service.getValue().image().replaceAll("\\$\\{\\w+:-(.*)}", "$1");

        assertThat(image).matches("[a-z0-9./-]+:v?\\d[\\w.-]*").doesNotContain("latest");
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyServiceSaysWhetherItIsHealthy(Entry<String, Service> service) {
        assertThat(service.getValue().healthcheck().test()).hasSizeGreaterThan(1);
        assertThat(service.getValue().healthcheck().test().getFirst()).isIn("CMD", "CMD-SHELL");
    }

    @ParameterizedTest
    @MethodSource("services")
    void portsAreOnLoopback(Entry<String, Service> service) {
        assertThat(service.getValue().publishedPorts())
                .allSatisfy(it -> assertThat(it).startsWith("127.0.0.1:"));
    }

    @Test
    void noPortIsPublishedTwice() {
        var published = services()
                .flatMap(it -> it.getValue().publishedPorts().stream())
                .map(it -> it.replaceAll("^127\\.0\\.0\\.1:\\$\\{\\w+:-(\\d+)}:\\d+$", "$1"))
                .toList();

        assertThat(published).doesNotHaveDuplicates().allSatisfy(it -> assertThat(it)
                .matches("\\d+"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void whatAServiceNeedsIsHealthyFirst(Entry<String, Service> service) {
        var needs = service.getValue().dependsOn();

        if (needs != null) {
            assertThat(COMPOSE.services()).containsKeys(needs.keySet().toArray(String[]::new));
            assertThat(needs.values())
                    .allSatisfy(it -> assertThat(it.condition()).isEqualTo("service_healthy"));
        }
        if (service.getValue().isSnapfork()) {
            assertThat(needs).containsOnlyKeys("kafka", "postgres");
        }
    }

    @ParameterizedTest
    @MethodSource("snapfork")
    void snapforkIsNotRootAndWritesToItsVolumesOnly(Entry<String, Service> service) {
        var it = service.getValue();

        assertThat(it.user()).isEqualTo("10001:10001");
        assertThat(it.readOnly()).isTrue();
        assertThat(it.capDrop()).containsExactly("ALL");
        assertThat(it.securityOpt()).containsExactly("no-new-privileges:true");
        assertThat(it.tmpfs())
                .singleElement()
                .asString()
                .startsWith("/tmp:exec,")
                .contains("size=");
        assertThat(it.volumes()).containsExactly("data:/var/lib/snapfork");
    }

    @ParameterizedTest
    @MethodSource("snapfork")
    void stoppingMayTakeAsLongAsAnsweringAndHandingBack(Entry<String, Service> service) {
        var longest = Duration.parse("PT" + Declared.property("quarkus.shutdown.timeout"))
                .plus(Declared.settings().worker().attemptLimit());
        var grace = service.getValue().stopGracePeriod();

        assertThat(grace).isNotNull();
        assertThat(Duration.parse("PT" + String.valueOf(grace).toUpperCase(Locale.ROOT)))
                .isGreaterThan(longest);
    }

    @Test
    void namesOfProcessesAreTheirOwn() {
        var names = snapfork()
                .map(it -> it.getValue().environment().get("SNAPFORK_INSTANCE_ID"))
                .filter(java.util.Objects::nonNull)
                .toList();

        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void volumesAndSecretsAreDeclared() {
        var mounted = services()
                .flatMap(it -> it.getValue().volumes().stream())
                .map(it -> it.split(":", 2)[0])
                .filter(it -> !it.startsWith("."))
                .collect(Collectors.toSet());
        Set<String> read = services()
                .flatMap(it -> it.getValue().secrets() == null ? Stream.empty() : it.getValue().secrets().stream())
                .collect(Collectors.toSet());

        assertThat(mounted).isEqualTo(COMPOSE.volumes().keySet());
        assertThat(read).isEqualTo(COMPOSE.secrets().keySet());
    }

    @Test
    void noSecretIsInTheFile() {
        assertThat(services().flatMap(it -> it.getValue().environment().entrySet().stream()))
                .filteredOn(it -> it.getKey().endsWith("PASSWORD"))
                .hasSizeGreaterThan(2)
                .allSatisfy(it -> assertThat(it.getValue()).startsWith("${SNAPFORK_"));
    }

    @Test
    void whatIsMountedFromTheCloneIsThere() {
        var directory = Documents.ROOT.resolve("deploy/compose");

        assertThat(services().flatMap(it -> it.getValue().volumes().stream()).filter(it -> it.startsWith(".")))
                .isNotEmpty()
                .allSatisfy(it -> {
                    assertThat(directory.resolve(it.split(":", 2)[0])).isDirectory();
                    assertThat(it).endsWith(":ro");
                });
    }

    @Test
    void prometheusReadsFromEveryProcess() {
        var config = Documents.one(Documents.ROOT.resolve("deploy/observability/prometheus/prometheus.yaml"));
        var job = Documents.items(config.get("scrape_configs"))
                .filter(it -> it.get("job_name").asText().equals("snapfork"))
                .findFirst()
                .orElseThrow();
        List<String> targets = Documents.items(job.get("static_configs"))
                .flatMap(it -> Documents.items(it.get("targets")))
                .map(it -> it.asText())
                .toList();

        assertThat(job.get("metrics_path").asText())
                .isEqualTo(Declared.property("quarkus.micrometer.export.prometheus.path"));
        assertThat(targets)
                .containsExactlyInAnyOrderElementsOf(snapfork()
                        .map(it -> it.getKey() + ":" + Declared.property("quarkus.http.port"))
                        .toList());
    }
}
