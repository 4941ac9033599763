package dev.snapfork.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snapfork.deploy.Manifests.Workload;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every pod of Snapfork, in the base and in each overlay. */
class WorkloadsTest {
    private static final String ALL = "dev.snapfork.deploy.Manifests#workloads";
    private static final String OVERLAYS = "dev.snapfork.deploy.Manifests#overlays";

    @ParameterizedTest
    @MethodSource(ALL)
    void selectorsChooseTheirOwnPods(Workload workload) {
        assertThat(workload.selector().getMatchLabels()).isNotEmpty();
        assertThat(Manifests.chooses(workload.selector(), workload.labels())).isTrue();
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void noSelectorChoosesPodsOfAnother(Manifests manifests) {
        for (var workload : manifests.workloadsHere()) {
            assertThat(manifests.workloadsHere())
                    .filteredOn(it -> Manifests.chooses(workload.selector(), it.labels()))
                    .containsExactly(workload);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void containersSayWhatTheyNeedAndAreBoundInMemory(Workload workload) {
        assertThat(workload.containers()).allSatisfy(container -> {
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsKey("memory");
        });
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void podsAreRestricted(Workload workload) {
        var pod = workload.pods().getSpec();

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getHostNetwork()).isNull();
        assertThat(pod.getHostPID()).isNull();
        assertThat(pod.getHostIPC()).isNull();
        assertThat(pod.getInitContainers()).isEmpty();
        assertThat(pod.getVolumes())
                .allSatisfy(it -> assertThat(it.getHostPath()).isNull());
        assertThat(workload.containers()).allSatisfy(container -> {
            var context = container.getSecurityContext();
            assertThat(context.getAllowPrivilegeEscalation()).isFalse();
            assertThat(context.getReadOnlyRootFilesystem()).isTrue();
            assertThat(context.getPrivileged()).isNull();
            assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(context.getCapabilities().getAdd()).isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theUserIsThatOfTheImage(Workload workload) {
        var dockerfile = Documents.text(Documents.ROOT.resolve("docker/Dockerfile"));
        var context = workload.pods().getSpec().getSecurityContext();

        assertThat(dockerfile).contains("USER " + context.getRunAsUser() + ":" + context.getRunAsGroup() + "\n");
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void podsHaveNoTokenAndNoVariablesOfServices(Workload workload) {
        var pod = workload.pods().getSpec();

        assertThat(pod.getServiceAccountName()).isEqualTo("snapfork");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getEnableServiceLinks()).isFalse();
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void probesAskForWhatTheyMean(Workload workload) {
        var container = workload.container();

        assertThat(path(container.getStartupProbe())).isEqualTo("/q/health/live");
        assertThat(path(container.getLivenessProbe())).isEqualTo("/q/health/live");
        assertThat(path(container.getReadinessProbe())).isEqualTo("/q/health/ready");
    }

    private static String path(Probe probe) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
        return probe.getHttpGet().getPath();
    }

    /** The service waits a while for PostgreSQL and for Kafka, and then ends by itself; it is not killed before. */
    @ParameterizedTest
    @MethodSource(ALL)
    void startingMayTakeAsLongAsTheServiceWaits(Workload workload) {
        var probe = workload.container().getStartupProbe();

        assertThat(probe.getPeriodSeconds() * probe.getFailureThreshold())
                .isGreaterThanOrEqualTo(Math.toIntExact(
                        connecting().plus(Duration.ofSeconds(60)).toSeconds()));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void stoppingMayTakeAsLongAsAnsweringAndHandingBack(Workload workload) {
        var told = shutdownDelay(workload);
        var answering = Declared.property("quarkus.shutdown.timeout");
        var handingBack = Declared.settings().worker().attemptLimit();
        var longest =
                told.plus(Duration.parse("PT" + answering)).plus(handingBack).plus(connecting());

        assertThat(Duration.ofSeconds(workload.pods().getSpec().getTerminationGracePeriodSeconds()))
                .isGreaterThan(longest);
    }

    private static Duration shutdownDelay(Workload workload) {
        return workload.container().getEnv().stream()
                .filter(variable -> variable.getName().equals("QUARKUS_SHUTDOWN_DELAY"))
                .map(variable -> Duration.parse("PT" + variable.getValue()))
                .findFirst()
                .orElse(Duration.ZERO);
    }

    /** Else clients would be sent to a listener that is closed. */
    @ParameterizedTest
    @MethodSource(ALL)
    void whatAnswersRequestsGoesOnUntilNobodyIsSentThere(Workload workload) {
        var isAsked = workload.container().getEnv().stream()
                .anyMatch(variable -> variable.getName().equals("SNAPFORK_ROLES")
                        && List.of(variable.getValue().split(",", -1)).contains("api"));

        assertThat(shutdownDelay(workload).isPositive()).isEqualTo(isAsked);
    }

    /** How long a start waits for PostgreSQL, which an orderly stop has to wait for. */
    private static Duration connecting() {
        return Duration.ofSeconds(Integer.parseInt(Declared.property("quarkus.flyway.connect-retries")));
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void everyDeploymentHasABudgetAndIsSpread(Manifests manifests) {
        for (var deployment : manifests.of(Deployment.class)) {
            var labels = deployment.getSpec().getTemplate().getMetadata().getLabels();

            assertThat(manifests.of(PodDisruptionBudget.class))
                    .filteredOn(it -> Manifests.chooses(it.getSpec().getSelector(), labels))
                    .hasSize(1);
            assertThat(deployment.getSpec().getTemplate().getSpec().getTopologySpreadConstraints())
                    .allSatisfy(it -> assertThat(Manifests.chooses(it.getLabelSelector(), labels))
                            .isTrue())
                    .extracting(TopologySpreadConstraint::getTopologyKey)
                    .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
        }
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void everyBudgetIsForADeployment(Manifests manifests) {
        assertThat(manifests.of(PodDisruptionBudget.class))
                .allSatisfy(budget -> assertThat(manifests.of(Deployment.class))
                        .anyMatch(it -> Manifests.chooses(
                                budget.getSpec().getSelector(),
                                it.getSpec().getTemplate().getMetadata().getLabels())));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void imagesAreOfThisVersion(Workload workload) {
        var pom = Documents.text(Documents.ROOT.resolve("pom.xml"));
        var version = pom.substring(pom.indexOf("<version>") + "<version>".length(), pom.indexOf("</version>"));

        assertThat(workload.container().getImage()).endsWith(":" + version);
    }
}
