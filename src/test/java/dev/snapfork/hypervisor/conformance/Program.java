package dev.snapfork.hypervisor.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.snapfork.hypervisor.http.Version;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** A stand-in's program, as it would be installed, and what is to go wrong with it. */
final class Program {
    private static final List<Class<?>> NEEDED = List.of(
            FakeMonitor.class,
            Version.class,
            JsonMapper.class,
            JsonParser.class,
            JsonCreator.class,
            YAMLMapper.class,
            Yaml.class);

    private final Path binary;
    private final Path control;

    private Program(Path binary, Path control) {
        this.binary = binary;
        this.control = control;
    }

    /** Installs one in a directory of its own. */
    static Program install(Path directory, String kind, String version) throws IOException {
        var control = Files.createDirectories(directory.resolve("control"));
        var binary = directory.resolve(kind);
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var classes = NEEDED.stream().map(Program::place).distinct().collect(Collectors.joining(File.pathSeparator));
        Files.writeString(binary, """
                #!/bin/sh
                exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -cp '%s' %s %s %s '%s' "$@"
                """.formatted(java, classes, FakeMonitor.class.getName(), kind, version, control));
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Program(binary, control);
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Path binary() {
        return binary;
    }

    /**
     * From now on something goes wrong with a call.
     *
     * @param call as in the specification
     * @param what refuse; hang; half, a part of an answer; lose, no answer; exit, after the answer; die, in the middle of it
     */
    void fault(String call, String what) throws IOException {
        Files.writeString(control.resolve("faults"), call + " = " + what + "\n");
    }

    void noFaults() throws IOException {
        Files.deleteIfExists(control.resolve("faults"));
    }

    /** The guests do not hear their power button. */
    void deafGuests() throws IOException {
        Files.createFile(control.resolve("deaf"));
    }

    /** The program ends at once. */
    void mute() throws IOException {
        Files.createFile(control.resolve("mute"));
    }

    /** All that it was asked for with this method and path, as they were sent. */
    List<String> requests(String call) throws IOException {
        try (var lines = lines("requests")) {
            return lines.filter(line -> line.startsWith(call)).toList();
        }
    }

    /** Whatever was not as the specification has it fails the test; then all is as it was installed. */
    void reset() throws IOException {
        try (var violations = lines("violations")) {
            assertThat(violations).as("violations of the specification").isEmpty();
        } finally {
            for (var name : List.of("requests", "violations", "faults", "deaf", "mute")) {
                Files.deleteIfExists(control.resolve(name));
            }
        }
    }

    private Stream<String> lines(String name) throws IOException {
        var file = control.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.of();
    }
}
