package dev.snapfork.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Which methods the paths of the served OpenAPI document have, for those who used another. */
@ApplicationScoped
class DescribedMethods {
    private static final String DOCUMENT = "/META-INF/openapi.yaml";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final List<Route> routes = new ArrayList<>();

    private record Route(List<String> template, Set<String> methods) {
        boolean fits(List<String> path) {
            return path.size() == template.size()
                    && IntStream.range(0, path.size())
                            .allMatch(i -> template.get(i).startsWith("{")
                                    || template.get(i).equals(path.get(i)));
        }
    }

    DescribedMethods() {
        document().required("paths").properties().forEach(path -> {
            var methods = new TreeSet<String>();
            path.getValue().fieldNames().forEachRemaining(name -> {
                if (METHODS.contains(name)) {
                    methods.add(name.toUpperCase(Locale.ROOT));
                }
            });
            routes.add(new Route(elements(path.getKey()), methods));
        });
    }

    /** As an {@code Allow} header lists them; what any path has is always there. */
    String of(String path) {
        var elements = elements(path);
        var methods = new TreeSet<>(Set.of("OPTIONS"));
        routes.stream().filter(route -> route.fits(elements)).forEach(route -> methods.addAll(route.methods()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return String.join(", ", methods);
    }

    /** Without empty ones and what follows a semicolon, which do not count when a route is looked for. */
    private static List<String> elements(String path) {
        return List.of(path.split("/", -1)).stream()
                .map(element -> element.split(";", 2)[0])
                .filter(element -> !element.isEmpty())
                .toList();
    }

    private static JsonNode document() {
        try (var stream = DescribedMethods.class.getResourceAsStream(DOCUMENT)) {
            if (stream == null) {
                throw new FileNotFoundException(DOCUMENT + " is not on the class path");
            }
            return new YAMLMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
