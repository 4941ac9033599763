package dev.snapfork.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is set where Snapfork is deployed is something that the service reads, and comes from something that is there. */
class ConfigurationTest {
    private static final String OVERLAYS = "dev.snapfork.deploy.Manifests#overlays";

    /** Read by the image's start script and not by the service. */
    private static final String OF_THE_IMAGE = "SNAPFORK_JAVA_OPTS";

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void manifestsSetWhatTheServiceReads(Manifests manifests) {
        var set = Stream.concat(
                        manifests.of(ConfigMap.class).stream().flatMap(it -> it.getData().keySet().stream()),
                        manifests.workloadsHere().stream()
                                .flatMap(it -> it.container().getEnv().stream())
                                .map(EnvVar::getName))
                .toList();

        assertRead(set);
    }

    @Test
    void composeSetsWhatTheServiceReads() {
        var set = Compose.read().services().values().stream()
                .filter(Compose.Service::isSnapfork)
                .flatMap(it -> it.environment().keySet().stream())
                .toList();

        assertRead(set);
    }

    private static void assertRead(Collection<String> variables) {
        var own = Declared.ownVariables();
        var libraries = Declared.librariesVariables();
        var documented = Declared.documentedVariables();

        assertThat(variables).isNotEmpty().allSatisfy(it -> {
            if (it.startsWith("SNAPFORK_") && !it.equals(OF_THE_IMAGE)) {
                assertThat(own).contains(it);
                assertThat(documented).contains(it);
            } else if (it.equals(OF_THE_IMAGE)) {
                assertThat(Documents.text(Documents.ROOT.resolve("docker/start")))
                        .contains("${" + it);
            } else {
                assertThat(libraries).contains(it);
            }
        });
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void valuesAreOfTheRightKind(Manifests manifests) {
        for (var map : manifests.of(ConfigMap.class)) {
            assertThat(map.getData())
                    .containsKeys(
                            "KAFKA_BOOTSTRAP_SERVERS",
                            "QUARKUS_DATASOURCE_JDBC_URL",
                            "QUARKUS_DATASOURCE_REACTIVE_URL");
            map.getData().forEach((name, value) -> {
                if (name.startsWith("SNAPFORK_TOPICS") || name.endsWith("_JOBS")) {
                    assertThat(Integer.parseInt(value)).as(name).isPositive();
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void everyRoleIsPlayedAndNoneTwice(Manifests manifests) {
        var roles = manifests.workloadsHere().stream()
                .flatMap(it -> it.container().getEnv().stream())
                .filter(it -> it.getName().equals("SNAPFORK_ROLES"))
                .map(EnvVar::getValue)
                .toList();

        assertThat(roles).containsExactlyInAnyOrder("api", "worker", "projection", "scheduler");
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void podsReadTheGeneratedMap(Manifests manifests) {
        var maps = manifests.of(ConfigMap.class).stream()
                .map(it -> it.getMetadata().getName())
                .toList();

        assertThat(maps).hasSize(1);
        assertThat(manifests.workloadsHere())
                .allSatisfy(workload -> assertThat(workload.container().getEnvFrom())
                        .extracting(it -> it.getConfigMapRef().getName())
                        .containsExactlyElementsOf(maps));
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void secretsAreReferredToAndNeverApplied(Manifests manifests) {
        var examples = Documents.all(Documents.K8S.resolve("base/secret.example.yaml")).stream()
                .map(Models::read)
                .map(Secret.class::cast)
                .flatMap(it -> it.getStringData().keySet().stream()
                        .map(key -> it.getMetadata().getName() + "/" + key))
                .collect(Collectors.toSet());

        assertThat(manifests.of(Secret.class)).isEmpty();
        assertThat(manifests.workloadsHere())
                .allSatisfy(workload -> assertThat(secretsOf(workload)).isEqualTo(examples));
    }

    private static Set<String> secretsOf(Manifests.Workload workload) {
        return workload.container().getEnv().stream()
                .filter(it -> it.getValueFrom() != null && it.getValueFrom().getSecretKeyRef() != null)
                .map(it -> it.getValueFrom().getSecretKeyRef())
                .map(it -> it.getName() + "/" + it.getKey())
                .collect(Collectors.toSet());
    }

    @Test
    void noPasswordIsInAManifest() {
        var sensitive = List.of("SNAPFORK_AUTH_SECRET", "QUARKUS_DATASOURCE_PASSWORD");

        assertThat(Declared.ownVariables()).contains(sensitive.getFirst());
        assertThat(workloads())
                .allSatisfy(workload -> assertThat(workload.container().getEnv())
                        .filteredOn(it -> sensitive.contains(it.getName()))
                        .hasSize(2)
                        .allSatisfy(it -> assertThat(it.getValue()).isNull()));
    }

    private static List<Manifests.Workload> workloads() {
        try {
            return Manifests.workloads().toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
