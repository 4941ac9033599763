package dev.snapfork.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker and a PostgreSQL on ports of their own, each to be killed, stopped and started again by itself. */
public final class FragileStack implements AutoCloseable {
    private static final Duration EXIT = Duration.ofSeconds(20);
    private static final Duration START = Duration.ofSeconds(60);

    private final Path home;
    private final Path binaries;
    private final int kafkaPort;
    private final int postgresPort;
    private @Nullable Process broker;
    private @Nullable EmbeddedPostgres postgres;

    /**
     * @param home where both keep their data, which outlives them
     * @param binaries where PostgreSQL's programs are unpacked
     */
    public FragileStack(Path home, Path binaries) throws IOException {
        this.home = Files.createDirectories(home);
        this.binaries = binaries;
        this.kafkaPort = Ports.orFree(0);
        this.postgresPort = Ports.orFree(0);
    }

    /** Where both are; complete once PostgreSQL was started for the first time. */
    public LocalAddresses addresses() {
        try {
            return LocalAddresses.of(kafkaPort, postgresPort, PostgresCluster.passwordIn(home.resolve("postgres")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns once PostgreSQL takes connections. */
    public synchronized void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(
                home.resolve("postgres"), binaries, home.resolve("postgres.log"), postgresPort, notice -> {}));
    }

    /** Returns once the broker takes connections. */
    public synchronized void startBroker() throws IOException {
        var log = home.resolve("broker.log");
        Files.deleteIfExists(log);
        var started = Children.start(new ProcessBuilder(Children.tied(
                        "KILL",
                        List.of(),
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                "-Dlog4j2.shutdownHookEnabled=false",
                                "-cp",
                                System.getProperty("java.class.path"),
                                BrokerMain.class.getName(),
                                home.resolve("kafka").toString(),
                                Integer.toString(kafkaPort),
                                brokerSettings().toString())))
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile()));
        broker = started;
        var settled = Deadline.in(START).await(() -> !started.isAlive() || isReady(log));
        if (!settled || !started.isAlive()) {
            throw new LaunchException("the broker did not start:\n" + LogTail.of(log, 20));
        }
    }

    /** Further settings of the broker, as properties; there are none unless somebody writes them. */
    public Path brokerSettings() throws IOException {
        var file = home.resolve("broker.properties");
        if (Files.notExists(file)) {
            Files.createFile(file);
        }
        return file;
    }

    /** Where PostgreSQL has its configuration, and files that it names. */
    public Path postgresHome() {
        return home.resolve("postgres").resolve("cluster");
    }

    private static boolean isReady(Path log) {
        try {
            return Files.readString(log).lines().anyMatch(line -> line.endsWith("ready"));
        } catch (IOException e) {
            return false;
        }
    }

    public synchronized boolean isBrokerAlive() {
        return broker != null && broker.isAlive();
    }

    public synchronized boolean isPostgresAlive() {
        return postgres != null && postgres.isAlive();
    }

    public synchronized void killBroker() throws IOException {
        kill(broker == null ? Stream.empty() : Stream.of(broker.toHandle()));
    }

    /** Kills the server with all its processes, as when the machine loses power but for the page cache. */
    public synchronized void killPostgres() throws IOException {
        kill(servers());
    }

    /** Has PostgreSQL end in order: all that it keeps is on the disk then. */
    public synchronized void stopPostgres() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    /** Has all of it stand still. */
    public synchronized void signalBroker(String signal) throws IOException {
        if (broker != null) {
            Children.signal(broker.pid(), signal);
        }
    }

    /** As {@link #signalBroker}. */
    public synchronized void signalPostgres(String signal) throws IOException {
        for (var process : servers().toList()) {
            Children.signal(process.pid(), signal);
        }
    }

    private Stream<ProcessHandle> servers() {
        return postgres == null
                ? Stream.empty()
                : ProcessHandle.of(postgres.pid()).stream()
                        .flatMap(main -> Stream.concat(Stream.of(main), main.descendants()));
    }

    private static void kill(Stream<ProcessHandle> processes) throws IOException {
        var doomed = processes.toList();
        for (var process : doomed) {
            process.destroyForcibly();
        }
        for (var process : doomed) {
            if (!Deadline.in(EXIT).await(() -> !process.isAlive())) {
                throw new IOException("process " + process.pid() + " survives SIGKILL");
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        signalBroker("CONT");
        killBroker();
        if (postgres != null) {
            signalPostgres("CONT");
            postgres.close();
        }
    }
}
