package dev.snapfork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * PostgreSQL processes of an earlier run whose launcher was killed. What counts is not the pid in {@code postmaster.pid},
 * which may be dead or somebody else's by now, but which processes run the server's program in this very directory.
 */
record PostgresLeftovers(Path cluster, Consumer<String> notice) {
    private static final Duration FAST = Duration.ofSeconds(20);
    private static final Duration IMMEDIATE = Duration.ofSeconds(10);

    /**
     * Stops them, postmaster and backends, and removes a pid file that nobody stands behind any more.
     *
     * @throws LaunchException when they do not go away
     */
    void stop() throws IOException {
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return; // PostgreSQL itself then refuses to start beside another server
        }
        if (!alive().isEmpty()) {
            notice.accept("PostgreSQL of an earlier run still works on " + cluster + ": stopping it first.");
            if (!gone("INT", FAST) && !gone("QUIT", IMMEDIATE) && !gone("KILL", IMMEDIATE)) {
                throw new LaunchException("PostgreSQL processes " + alive() + " of an earlier run cannot be stopped.");
            }
        }
        Files.deleteIfExists(cluster.resolve("postmaster.pid"));
    }

    private boolean gone(String signal, Duration wait) throws IOException {
        for (long pid : alive()) {
            Children.signal(pid, signal);
        }
        return Deadline.in(wait).await(() -> alive().isEmpty());
    }

    private List<Long> alive() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(this::worksHere)
                .toList();
    }

    private boolean worksHere(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            Path program = Files.readSymbolicLink(process.resolve("exe")).getFileName();
            // "postgres (deleted)" when a clean build took the program away under a running server
            return program != null
                    && program.toString().startsWith("postgres")
                    && Files.readSymbolicLink(process.resolve("cwd")).equals(cluster);
        } catch (IOException e) {
            return false; // it has ended, or it is another user's and so not ours
        }
    }
}
