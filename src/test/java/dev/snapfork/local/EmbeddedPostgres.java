package dev.snapfork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A PostgreSQL server on 127.0.0.1 as a child process, with a database and a user of the service's own. Its data outlives
 * it; killed at any moment, it recovers at the next start.
 */
final class EmbeddedPostgres implements AutoCloseable {
    static final String NAME = "snapfork";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final Process server;

    private EmbeddedPostgres(Process server) {
        this.server = server;
    }

    /**
     * Where a server keeps its things.
     *
     * @param home its data and its password
     * @param binaries its programs, unpacked there when they are not yet
     * @param log what it says, kept from the last start only
     * @param notice is told what else happens that a person should know
     */
    record Settings(Path home, Path binaries, Path log, int port, Consumer<String> notice) {}

    /**
     * Starts a server and waits until it takes connections. Nothing runs on after a failure.
     *
     * @throws LaunchException when it does not come up within 60 seconds, with the end of its log
     */
    static EmbeddedPostgres start(Settings settings) throws IOException {
        PostgresBinaries binaries = PostgresBinaries.in(settings.binaries());
        PostgresAccount account = PostgresAccount.choose();
        Files.createDirectories(settings.home());
        PostgresCluster cluster = PostgresCluster.openOrCreate(settings.home().toRealPath(), binaries, account);
        new PostgresLeftovers(cluster.directory(), settings.notice()).stop();
        Ports.requireFree(settings.port(), "SNAPFORK_POSTGRES_PORT");

        Process server = Children.start(new ProcessBuilder(
                        Children.tied("INT", account.prefix(), command(binaries, cluster.directory(), settings.port())))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(settings.log().toFile()));
        EmbeddedPostgres postgres = new EmbeddedPostgres(server);
        boolean settled = Deadline.in(START).await(() -> !server.isAlive() || ready(cluster.directory(), server.pid()));
        if (!settled || !server.isAlive()) {
            postgres.close();
            throw new LaunchException("PostgreSQL did not start:\n" + LogTail.of(settings.log(), 10));
        }
        return postgres;
    }

    /** For one service on a small host; durability stays as PostgreSQL has it. */
    private static List<String> command(PostgresBinaries binaries, Path cluster, int port) {
        return List.of(
                binaries.bin().resolve("postgres").toString(),
                "-D",
                cluster.toString(),
                "-clisten_addresses=" + Ports.HOST,
                "-cport=" + port,
                "-cunix_socket_directories=",
                "-cmax_connections=60",
                "-cshared_buffers=64MB",
                "-cio_method=sync",
                "-cjit=off",
                "-clog_checkpoints=off",
                "-ctimezone=UTC");
    }

    /** The postmaster writes its state to the eighth line of its pid file. */
    private static boolean ready(Path cluster, long pid) {
        try {
            List<String> lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.getFirst().strip().equals(Long.toString(pid))
                    && lines.get(7).strip().equals("ready");
        } catch (IOException e) {
            return false; // not written yet
        }
    }

    long pid() {
        return server.pid();
    }

    boolean isAlive() {
        return server.isAlive();
    }

    /** Completes some time after the server has ended, wanted or not. */
    CompletableFuture<?> ended() {
        return server.onExit();
    }

    /** Ends every connection and stops; one that does not within 20 seconds is killed, and recovers at the next start. */
    @Override
    public void close() throws IOException {
        if (server.isAlive()) {
            Children.signal(server.pid(), "INT");
        }
        if (!Children.exited(server, STOP)) {
            server.destroyForcibly();
        }
    }
}
