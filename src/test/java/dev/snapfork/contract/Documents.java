package dev.snapfork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The documents that contracts are in. */
final class Documents {
    private Documents() {}

    /** The OpenAPI document that is served. */
    static ObjectNode own() {
        return resource("/META-INF/openapi.yaml");
    }

    /** The upstream's facts. */
    static ObjectNode transcription() {
        return resource("/contract/hypeman-subset.yaml");
    }

    static JsonNode file(Path path) {
        try {
            return new YAMLMapper().readTree(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static ObjectNode resource(String name) {
        try (var stream = Objects.requireNonNull(Documents.class.getResourceAsStream(name), name)) {
            return (ObjectNode) new YAMLMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
