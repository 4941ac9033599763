package dev.snapfork.api;

import dev.snapfork.environment.EnvironmentResource;
import dev.snapfork.environment.SharedEnvironment;
import dev.snapfork.local.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The packaged service as a process of its own, in the roles it is given; ends with this JVM at the latest. */
public final class ServiceProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(40);
    /** Soon there, and little in the way of others on the machine. */
    private static final List<String> SMALL = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

    /** As the image has it, with half of the memory that the manifests give a process. */
    public static final List<String> AS_IN_THE_IMAGE = List.of("-Xmx384m");

    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final Path log;

    private ServiceProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the process and returns at once. */
    static ServiceProcess start(String roles, Path data) throws IOException {
        return start(roles, data, Map.of());
    }

    /** @param more configuration, by property */
    static ServiceProcess start(String roles, Path data, Map<String, String> more) throws IOException {
        return start(roles, data, more, SharedEnvironment.get());
    }

    /**
     * Starts the process and returns at once.
     *
     * @param more configuration, by property
     */
    public static ServiceProcess start(String roles, Path data, Map<String, String> more, SharedEnvironment environment)
            throws IOException {
        return start(roles, data, more, environment, SMALL);
    }

    /**
     * Starts the process and returns at once.
     *
     * @param more configuration, by property
     * @param jvm options for the heap and the compiler
     */
    public static ServiceProcess start(
            String roles, Path data, Map<String, String> more, SharedEnvironment environment, List<String> jvm)
            throws IOException {
        var log = Files.createTempFile(Files.createDirectories(Path.of("target", "processes")), roles + "-", ".log");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(jvm);
        var settings = new TreeMap<>(Map.of(
                "snapfork.roles", roles,
                "snapfork.data-dir", data.toString(),
                "snapfork.auth.secret", EnvironmentResource.AUTH_SECRET,
                "kafka.bootstrap.servers", environment.bootstrapServers(),
                "quarkus.datasource.jdbc.url", environment.jdbcUrl(),
                "quarkus.datasource.reactive.url", environment.reactiveUrl(),
                "quarkus.datasource.username", environment.username(),
                "quarkus.datasource.password", environment.password(),
                "quarkus.http.port", "0"));
        settings.putAll(more);
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", JAR.toString()));
        var builder = new ProcessBuilder(Children.tied("KILL", List.of(), command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        return new ServiceProcess(Children.start(builder), log);
    }

    /** Where it listens, once it is ready. */
    public String awaitReady() {
        var base = Eventually.see(START, this::address, Optional::isPresent).orElseThrow();
        Eventually.see(
                START, () -> ApiClient.at(base).get("/q/health/ready"), answer -> alive() && answer.status() == 200);
        return base;
    }

    private Optional<String> address() {
        if (!process.isAlive()) {
            throw new AssertionError("the service ended with status " + process.exitValue() + ":\n" + log());
        }
        return LISTENING.matcher(log()).results().findFirst().map((MatchResult found) -> found.group(1));
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** The processors' time that it has used so far; zero where that is not known. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** The status it ended with; only once it is not alive. */
    int status() {
        return process.exitValue();
    }

    /** Has it stand still, with all that it has in its hands. */
    public void pause() throws IOException {
        Children.signal(process.pid(), "STOP");
    }

    /** Has it go on, not knowing that time has passed. */
    public void resume() throws IOException {
        Children.signal(process.pid(), "CONT");
    }

    /** Ends it as a crash would. */
    public void kill() throws IOException {
        process.destroyForcibly();
        if (!Children.exited(process, STOP)) {
            throw new IOException("process " + process.pid() + " survives SIGKILL");
        }
    }

    /** Stops it in order. */
    @Override
    public void close() throws IOException {
        resume();
        Children.signal(process.pid(), "TERM");
        if (!Children.exited(process, STOP)) {
            kill();
        }
    }
}
