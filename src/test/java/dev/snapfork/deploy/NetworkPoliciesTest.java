package dev.snapfork.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.deploy.Manifests.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkPoliciesTest {
    private static final String OVERLAYS = "dev.snapfork.deploy.Manifests#overlays";

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void everythingIsDeniedThatNothingAllows(Manifests manifests) {
        var denial = policy(manifests, "default-deny").getSpec();

        assertThat(denial.getPodSelector().getMatchLabels()).isNullOrEmpty();
        assertThat(denial.getPodSelector().getMatchExpressions()).isEmpty();
        assertThat(denial.getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(denial.getIngress()).isEmpty();
        assertThat(denial.getEgress()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void eachPodIsAllowedWhatItNeedsAndNothingElse(Manifests manifests) {
        for (var workload : manifests.workloadsHere()) {
            var isApi = workload.name().equals("snapfork-api");

            assertThat(allowing(manifests, workload))
                    .containsExactlyInAnyOrderElementsOf(
                            isApi
                                    ? List.of("names", "kafka-and-postgres", "metrics", "clients")
                                    : List.of("names", "kafka-and-postgres", "metrics"));
        }
    }

    private static List<String> allowing(Manifests manifests, Workload workload) {
        return manifests.of(NetworkPolicy.class).stream()
                .filter(it -> !it.getMetadata().getName().equals("default-deny"))
                .filter(it -> Manifests.chooses(it.getSpec().getPodSelector(), workload.labels()))
                .map(it -> it.getMetadata().getName())
                .toList();
    }

    /** Labels that are put on everything of Snapfork must not get into the selectors of what is another's. */
    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void whatIsAnothersIsChosenByItsOwnLabels(Manifests manifests) {
        var names = policy(manifests, "names")
                .getSpec()
                .getEgress()
                .getFirst()
                .getTo()
                .getFirst();
        var stores = policy(manifests, "kafka-and-postgres").getSpec().getEgress();

        assertThat(names.getPodSelector().getMatchLabels()).isEqualTo(Map.of("k8s-app", "kube-dns"));
        assertThat(stores)
                .extracting(it -> it.getTo().getFirst().getPodSelector().getMatchLabels())
                .containsExactly(
                        Map.of("strimzi.io/cluster", "snapfork"), Map.of("cnpg.io/cluster", "snapfork-postgres"));
    }

    @Test
    void theStoresOfTheExamplesAreThoseThatPoliciesAllow() {
        var kafka = Manifests.in(Documents.K8S.resolve("examples/strimzi"));
        var postgres = Manifests.in(Documents.K8S.resolve("examples/cloudnativepg"));

        assertThat(kafka.of(KafkaNodePool.class).getFirst().getMetadata().getLabels())
                .containsEntry("strimzi.io/cluster", "snapfork");
        assertThat(postgres.of(Models.PostgresCluster.class)
                        .getFirst()
                        .metadata()
                        .getName())
                .isEqualTo("snapfork-postgres");
        assertThat(kafka.of(Namespace.class).getFirst().getMetadata().getName()).isEqualTo("snapfork-data");
        assertThat(postgres.of(Namespace.class).getFirst().getMetadata().getName())
                .isEqualTo("snapfork-data");
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void portsAreThoseOfTheContainers(Manifests manifests) {
        for (var name : List.of("clients", "metrics")) {
            assertThat(policy(manifests, name).getSpec().getIngress().getFirst().getPorts())
                    .singleElement()
                    .satisfies(it -> assertThat(it.getPort().getStrVal()).isEqualTo("http"));
        }
        assertThat(manifests.workloadsHere())
                .allSatisfy(workload -> assertThat(workload.container().getPorts())
                        .singleElement()
                        .satisfies(it -> {
                            assertThat(it.getName()).isEqualTo("http");
                            assertThat(it.getContainerPort())
                                    .isEqualTo(Integer.valueOf(Declared.property("quarkus.http.port")));
                        }));
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void podsOfTheNamespaceAreHeldToTheRestrictedStandard(Manifests manifests) {
        assertThat(manifests.of(Namespace.class)).singleElement().satisfies(it -> assertThat(
                        it.getMetadata().getLabels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted"));
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void theAccountHasNoToken(Manifests manifests) {
        assertThat(manifests.of(ServiceAccount.class)).singleElement().satisfies(it -> assertThat(
                        it.getAutomountServiceAccountToken())
                .isFalse());
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void everythingIsInOneNamespaceAndSaysWhatItBelongsTo(Manifests manifests) {
        var namespaces = manifests.of(HasMetadata.class).stream()
                .map(it -> it.getMetadata().getNamespace())
                .filter(java.util.Objects::nonNull)
                .distinct()
                .toList();

        assertThat(namespaces).containsExactly("snapfork");
        assertThat(manifests.workloadsHere()).allSatisfy(it -> assertThat(it.labels())
                .containsEntry("app.kubernetes.io/name", "snapfork")
                .containsEntry("app.kubernetes.io/part-of", "snapfork")
                .containsKey("app.kubernetes.io/component"));
    }

    private static NetworkPolicy policy(Manifests manifests, String name) {
        return manifests.of(NetworkPolicy.class).stream()
                .filter(it -> it.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
