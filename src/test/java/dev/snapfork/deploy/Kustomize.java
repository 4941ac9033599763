package dev.snapfork.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Renders what kustomize would, as far as this project uses it, so that tests need no such program; {@link KustomizeCheck} compares
 * the two. Whatever else a kustomization says is an error.
 */
final class Kustomize {
    private static final Set<String> FIELDS =
            Set.of("apiVersion", "kind", "namespace", "labels", "resources", "images", "configMapGenerator", "patches");
    private static final Set<String> OF_THE_CLUSTER = Set.of("Namespace", "StorageClass", "PersistentVolume");
    private static final Set<String> WITH_TEMPLATE = Set.of("Deployment", "DaemonSet");

    private final Path directory;
    private final ObjectNode kustomization;
    private final List<ObjectNode> resources = new ArrayList<>();
    private final Set<String> generated = new HashSet<>();

    private Kustomize(Path directory) {
        this.directory = directory.normalize();
        this.kustomization = Documents.one(directory.resolve("kustomization.yaml"));
        only(kustomization, FIELDS);
    }

    /** The resources of a directory with a kustomization. */
    static List<ObjectNode> render(Path directory) {
        var kustomize = new Kustomize(directory);
        kustomize.accumulate();
        kustomize.generated.forEach(name -> GeneratedNames.settle(kustomize.resources, name));
        return kustomize.resources;
    }

    private void accumulate() {
        Documents.items(kustomization.path("resources")).forEach(it -> read(it.asText()));
        Documents.items(kustomization.path("configMapGenerator")).forEach(this::generate);
        Documents.items(kustomization.path("patches")).forEach(this::patch);
        if (kustomization.has("namespace")) {
            var namespace = kustomization.get("namespace").asText();
            resources.stream().filter(it -> !OF_THE_CLUSTER.contains(kind(it))).forEach(it -> metadata(it)
                    .put("namespace", namespace));
        }
        Documents.items(kustomization.path("labels")).forEach(this::label);
        Documents.items(kustomization.path("images")).forEach(this::image);
    }

    private void read(String name) {
        var path = directory.resolve(name).normalize();
        if (Files.isDirectory(path)) {
            var below = new Kustomize(path);
            below.accumulate();
            resources.addAll(below.resources);
            generated.addAll(below.generated);
        } else if (path.startsWith(directory)) {
            resources.addAll(Documents.all(path));
        } else {
            throw new IllegalArgumentException(path + " is a file outside of " + directory);
        }
    }

    private void generate(JsonNode generator) {
        only(generator, Set.of("name", "behavior", "literals"));
        var name = generator.get("name").asText();
        var merges = generator.path("behavior").asText().equals("merge");
        var data = merges
                ? (ObjectNode) find("ConfigMap", name).get("data")
                : generated(name).putObject("data");
        Documents.items(generator.get("literals")).forEach(it -> {
            var literal = it.asText();
            var at = literal.indexOf('=');
            data.put(literal.substring(0, at), literal.substring(at + 1));
        });
    }

    private ObjectNode generated(String name) {
        if (!generated.add(name)) {
            throw new IllegalArgumentException("a second ConfigMap " + name);
        }
        var map = JsonNodeFactory.instance.objectNode();
        map.put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("name", name);
        resources.add(map);
        return map;
    }

    private void patch(JsonNode patch) {
        only(patch, Set.of("path", "patch", "target"));
        var text = patch.has("path")
                ? Documents.text(directory.resolve(patch.get("path").asText()))
                : patch.get("patch").asText();
        if (Documents.value(text.split("(?m)^---$", -1)[0]).isArray()) {
            var target = patch.get("target");
            only(target, Set.of("kind", "name"));
            JsonPatch.apply(
                    Documents.value(text),
                    find(target.get("kind").asText(), target.get("name").asText()));
        } else {
            Documents.all(text).forEach(this::merge);
        }
    }

    private void merge(ObjectNode patch) {
        var target = find(kind(patch), name(patch));
        if (patch.path("$patch").asText().equals("delete")) {
            resources.remove(target);
        } else {
            StrategicMerge.apply(patch, target);
        }
    }

    private void label(JsonNode label) {
        only(label, Set.of("pairs", "includeTemplates"));
        var pairs = (ObjectNode) label.get("pairs");
        for (var resource : resources) {
            metadata(resource).withObjectProperty("labels").setAll(pairs);
            if (label.path("includeTemplates").asBoolean() && WITH_TEMPLATE.contains(kind(resource))) {
                var template = (ObjectNode) resource.at("/spec/template/metadata");
                template.withObjectProperty("labels").setAll(pairs);
            }
        }
    }

    private void image(JsonNode image) {
        only(image, Set.of("name", "newName", "newTag"));
        var name = image.get("name").asText();
        for (var resource : resources) {
            Documents.items(resource.at("/spec/template/spec/containers")).forEach(container -> {
                var parts = container.get("image").asText().split(":", 2);
                if (parts[0].equals(name)) {
                    var newName = image.path("newName").asText(name);
                    ((ObjectNode) container)
                            .put("image", newName + ":" + image.path("newTag").asText(parts[1]));
                }
            });
        }
    }

    private ObjectNode find(String kind, String name) {
        var found = resources.stream()
                .filter(it -> kind(it).equals(kind) && name(it).equals(name))
                .toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(directory + ": " + found.size() + " of " + kind + " " + name);
        }
        return found.getFirst();
    }

    static String kind(JsonNode resource) {
        return resource.get("kind").asText();
    }

    static String name(JsonNode resource) {
        return resource.at("/metadata/name").asText();
    }

    private static ObjectNode metadata(ObjectNode resource) {
        return (ObjectNode) resource.get("metadata");
    }

    private static void only(JsonNode node, Set<String> fields) {
        node.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                throw new IllegalArgumentException("this renderer does not know " + field + " in " + node);
            }
        });
    }
}
