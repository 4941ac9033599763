package dev.snapfork.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The service itself as a child JVM that runs the production artifact. */
final class Service implements AutoCloseable {
    private static final String JAR = "quarkus-run.jar";
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final int PROBE_MILLIS = 2_000;
    private static final long LOG_BOUND = 16L << 20;
    private static final Pattern NOTEWORTHY = Pattern.compile("^\\S+ \\S+ +(WARN|ERROR|FATAL) .*");

    private final Process process;
    private final Thread copying;
    private final Path log;
    private final Path pidFile;
    private final URI ready;

    private Service(Process process, Thread copying, Path log, Path pidFile, URI ready) {
        this.process = process;
        this.copying = copying;
        this.log = log;
        this.pidFile = pidFile;
        this.ready = ready;
    }

    /**
     * What to run and where.
     *
     * @param jar the artifact's {@code quarkus-run.jar}
     * @param data absolute path of the data directory
     * @param javaOptions come after the launcher's own and so win over them
     * @param configuration environment variables
     */
    record Settings(Path jar, Path data, int port, List<String> javaOptions, Map<String, String> configuration) {}

    /** Stops the service of an earlier run whose launcher was killed, if it is still there. */
    static void stopLeftover(Path data, Consumer<String> notice) throws IOException {
        Path pidFile = pidFile(data);
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessIdentity> leftover = ProcessIdentity.parse(Files.readString(pidFile))
                .filter(ProcessIdentity::alive)
                .filter(it -> it.runs(JAR));
        if (leftover.isPresent()) {
            ProcessIdentity service = leftover.get();
            notice.accept(
                    "The service of an earlier run still works, as process " + service.pid() + ": stopping it first.");
            Children.signal(service.pid(), "TERM");
            if (!Deadline.in(STOP).await(() -> !service.alive())) {
                Children.signal(service.pid(), "KILL");
            }
        }
        Files.delete(pidFile);
    }

    /** Starts the JVM and returns at once. Its warnings and errors are repeated to {@code notice}. */
    static Service start(Settings settings, Consumer<String> notice) throws IOException {
        Path log = settings.data().resolve("logs").resolve("snapfork.log");
        ProcessBuilder builder = new ProcessBuilder(Children.tied("TERM", List.of(), command(settings)))
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(settings.configuration());
        RolledLog rolled = RolledLog.open(log, LOG_BOUND);
        Process process = Children.start(builder);
        Thread copying = Thread.ofPlatform().daemon().name("service-log").start(() -> copy(process, rolled, notice));
        Optional<ProcessIdentity> identity = ProcessIdentity.of(process.pid());
        if (identity.isPresent()) {
            PrivateFile.write(pidFile(settings.data()), identity.get().text());
        }
        URI ready = URI.create("http://" + Ports.HOST + ":" + settings.port() + "/q/health/ready");
        return new Service(process, copying, log, pidFile(settings.data()), ready);
    }

    private static List<String> command(Settings settings) {
        Path archive = settings.data().resolve("cache").resolve("service.jsa");
        return Stream.of(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                // most of what it allocates is gone at once, and there are cores for little else
                                "-XX:+UseSerialGC",
                                "-Xshare:auto",
                                "-Xlog:cds=off",
                                "-Xlog:cds+dynamic=off",
                                "-XX:+AutoCreateSharedArchive",
                                "-XX:SharedArchiveFile=" + archive),
                        settings.javaOptions(),
                        List.of("-jar", settings.jar().toString()))
                .flatMap(List::stream)
                .toList();
    }

    private static void copy(Process process, RolledLog log, Consumer<String> notice) {
        try (log;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.line(line);
                if (NOTEWORTHY.matcher(line).matches()) {
                    notice.accept(line);
                }
            }
        } catch (IOException e) {
            notice.accept("The service's log cannot be kept any longer: " + e.getMessage());
        }
    }

    /** @throws LaunchException with the end of its log, when it ends or is not ready in time */
    void awaitReady(Duration wait) throws InterruptedException {
        boolean settled = Deadline.in(wait).await(() -> !process.isAlive() || ready());
        if (!process.isAlive()) {
            copying.join(LAST_WORDS);
            throw new LaunchException("The service ended with status " + process.exitValue() + " while starting:\n"
                    + LogTail.of(log, 30));
        }
        if (!settled) {
            throw new LaunchException(
                    "The service is not ready after " + wait.toSeconds() + " s:\n" + LogTail.of(log, 30));
        }
    }

    private boolean ready() {
        try {
            var connection = (HttpURLConnection) ready.toURL().openConnection();
            connection.setConnectTimeout(PROBE_MILLIS);
            connection.setReadTimeout(PROBE_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false; // not listening yet
        }
    }

    /** Completes when the service ends, wanted or not. */
    CompletableFuture<Process> ended() {
        return process.onExit();
    }

    /** Lets it finish what it does for up to 30 seconds, then kills it. */
    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            // not destroy(), which also closes the pipe of what it says while stopping
            Children.signal(process.pid(), "TERM");
        }
        if (!Children.exited(process, STOP)) {
            process.destroyForcibly();
        }
        Files.deleteIfExists(pidFile);
    }

    private static Path pidFile(Path data) {
        return data.resolve("service.pid");
    }
}
