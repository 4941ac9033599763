package dev.snapfork;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The main class of {@code mvn quarkus:dev} and of nothing else: before the service it starts a process of the single-host
 * stack, which is no part of this artifact and so is started by name from the test classes that the build has compiled. The
 * stack ends when the process of dev mode does.
 */
@QuarkusMain(name = "development")
public final class DevelopmentStack {
    /** A system property and not a field, since every reload brings new classes; none of {@code snapfork.}, which configuration owns. */
    private static final String RUNNING = "development-stack.pid";

    DevelopmentStack() {}

    /** Starts the stack, then the service. */
    public static void main(String... args) {
        start();
        Quarkus.run(args);
    }

    /** Starts the stack, or finds the one of before the reload, and makes its addresses system properties. */
    private static void start() {
        Long pid = Long.getLong(RUNNING);
        if (pid != null && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
            return;
        }
        try {
            Path clone = clone(Path.of("").toAbsolutePath());
            Process process = new ProcessBuilder(command(clone))
                    .directory(clone.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            adopt(process);
            System.setProperty(RUNNING, Long.toString(process.pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Dev mode may be started in a subdirectory of the clone. */
    private static Path clone(Path here) throws IOException {
        for (@Nullable Path path = here; path != null; path = path.getParent()) {
            if (Files.exists(path.resolve("target").resolve("local.classpath"))) {
                return path;
            }
        }
        throw new IOException("target/local.classpath is missing: run mvn test-compile first");
    }

    private static List<String> command(Path clone) throws IOException {
        String data = System.getenv()
                .getOrDefault("SNAPFORK_DATA_DIR", clone.resolve(".snapfork").toString());
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dlog4j2.shutdownHookEnabled=false",
                "-cp",
                "target/test-classes:"
                        + Files.readString(clone.resolve("target").resolve("local.classpath")),
                "dev.snapfork.local.LocalStackMain",
                data,
                Path.of(data, "postgres", "programs").toString(),
                System.getenv().getOrDefault("SNAPFORK_KAFKA_PORT", "4974"),
                System.getenv().getOrDefault("SNAPFORK_POSTGRES_PORT", "4975"));
    }

    /** The stack bounds its own start: it says that it is ready, or ends and has said why. */
    private static void adopt(Process process) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); !"ready".equals(line); line = lines.readLine()) {
            if (line == null) {
                throw new IOException("the stack for dev mode did not start");
            }
            int equals = line.indexOf('=');
            if (equals > 0 && System.getProperty(line.substring(0, equals)) == null) {
                System.setProperty(line.substring(0, equals), line.substring(equals + 1));
            }
        }
    }
}
