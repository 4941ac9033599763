package dev.snapfork.deploy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a directory of {@code k8s/} renders to, as models. */
record Manifests(Path directory, List<Object> all) {
    /** A Deployment or DaemonSet. */
    record Workload(HasMetadata owner, LabelSelector selector, PodTemplateSpec pods) {
        String name() {
            return owner.getMetadata().getName();
        }

        Map<String, String> labels() {
            return pods.getMetadata().getLabels();
        }

        List<Container> containers() {
            return pods.getSpec().getContainers();
        }

        Container container() {
            return containers().getFirst();
        }

        @Override
        public String toString() {
            return owner.getKind() + " " + name();
        }
    }

    static Manifests in(Path directory) {
        return new Manifests(
                directory,
                Kustomize.render(directory).stream().map(Models::read).toList());
    }

    /** Every directory that has a kustomization. */
    static Stream<Path> directories() throws IOException {
        try (var files = Files.walk(Documents.K8S)) {
            return files
                    .filter(it -> it.endsWith("kustomization.yaml"))
                    .map(Path::getParent)
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** Those that Snapfork itself is applied from. */
    static Stream<Manifests> overlays() throws IOException {
        return directories()
                .filter(it -> !it.startsWith(Documents.K8S.resolve("examples")))
                .map(Manifests::in);
    }

    static Stream<Workload> workloads() throws IOException {
        return overlays().flatMap(it -> it.workloadsHere().stream());
    }

    <T> List<T> of(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<Workload> workloadsHere() {
        return Stream.concat(
                        of(Deployment.class).stream()
                                .map(it -> new Workload(
                                        it,
                                        it.getSpec().getSelector(),
                                        it.getSpec().getTemplate())),
                        of(DaemonSet.class).stream()
                                .map(it -> new Workload(
                                        it,
                                        it.getSpec().getSelector(),
                                        it.getSpec().getTemplate())))
                .toList();
    }

    /** Whether a selector by labels chooses what has these labels. */
    static boolean chooses(LabelSelector selector, Map<String, String> labels) {
        if (!selector.getMatchExpressions().isEmpty()) {
            throw new IllegalArgumentException("expressions are not looked at: " + selector);
        }
        var wanted = selector.getMatchLabels();
        return wanted == null || labels.entrySet().containsAll(wanted.entrySet());
    }

    @Override
    public String toString() {
        return Documents.K8S.relativize(directory).toString();
    }
}
