package dev.snapfork.deploy;

import dev.snapfork.platform.Configured;
import dev.snapfork.platform.SnapforkConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the service declares: its settings as they are when nobody sets any, and the variables that set them. */
final class Declared {
    private static final Pattern DOCUMENTED = Pattern.compile("`(_?[A-Z][A-Z0-9_]*)`");

    private Declared() {}

    static SnapforkConfig settings() {
        return Configured.with(Map.of());
    }

    /** What {@code application.properties} says. */
    static String property(String name) {
        return Objects.requireNonNull(properties().get(name), name);
    }

    /** The variables of everything below {@code snapfork.}. */
    static Set<String> ownVariables() {
        return variables(ConfigMappings.getProperties(ConfigClass.configClass(SnapforkConfig.class)).keySet().stream());
    }

    /** The variables of what {@code application.properties} sets of the libraries. */
    static Set<String> librariesVariables() {
        return variables(properties().keySet().stream());
    }

    /** The variables that the README's tables name; one that begins with an underline goes on where the one before it began. */
    static Set<String> documentedVariables() {
        var rows = Documents.text(Documents.ROOT.resolve("README.md")).lines().filter(it -> it.startsWith("| `"));
        return rows.flatMap(Declared::documentedIn).collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> documentedIn(String row) {
        var names = DOCUMENTED
                .matcher(row.split("\\|", -1)[1])
                .results()
                .map(it -> it.group(1))
                .toList();
        var first = names.isEmpty() ? "" : names.getFirst();
        return names.stream()
                .flatMap(name -> name.startsWith("_") ? beginnings(first).map(it -> it + name) : Stream.of(name));
    }

    private static Stream<String> beginnings(String name) {
        return Stream.iterate(name.lastIndexOf('_'), at -> at > 0, at -> name.lastIndexOf('_', at - 1))
                .map(at -> name.substring(0, at));
    }

    private static Map<String, String> properties() {
        try {
            return new PropertiesConfigSource(Documents.ROOT
                            .resolve("src/main/resources/application.properties")
                            .toUri()
                            .toURL())
                    .getProperties();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> variables(Stream<String> properties) {
        return properties
                .map(it -> it.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }
}
