package dev.snapfork.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML files as trees. A key that is there twice is an error. */
final class Documents {
    /** The clone's directory, in which Maven runs the tests. */
    static final Path ROOT = Path.of("").toAbsolutePath();

    static final Path K8S = ROOT.resolve("k8s");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Documents() {}

    static List<ObjectNode> all(Path file) {
        return all(text(file));
    }

    static List<ObjectNode> all(String text) {
        return StreamSupport.stream(yaml().loadAll(text).spliterator(), false)
                .filter(Objects::nonNull)
                .map(document -> (ObjectNode) JSON.valueToTree(document))
                .toList();
    }

    static ObjectNode one(Path file) {
        var documents = all(file);
        if (documents.size() != 1) {
            throw new IllegalArgumentException(file + " has " + documents.size() + " documents instead of one");
        }
        return documents.getFirst();
    }

    /** Whatever a text is, a list for instance. */
    static JsonNode value(String text) {
        return JSON.valueToTree(yaml().load(text));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + file, e);
        }
    }

    static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static Yaml yaml() {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }
}
