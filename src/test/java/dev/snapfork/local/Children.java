package dev.snapfork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts, signals and stops processes. */
public final class Children {
    private static final Duration SIGNALLING = Duration.ofSeconds(5);

    /**
     * Linux sends the parent-death signal when the thread that forked ends, not the process: so one thread that lives as
     * long as this JVM starts every child.
     */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("children").factory());

    private Children() {}

    /**
     * The command line of a child that gets a signal when this JVM dies, even by SIGKILL, and that a Ctrl-C in the terminal
     * does not reach, so that parts can be stopped in order. Where util-linux is missing the child goes without these ties.
     *
     * @param deathSignal a signal name such as {@code TERM}
     * @param account what to put before the program so that it runs as another user; may be empty
     */
    public static List<String> tied(String deathSignal, List<String> account, List<String> program) {
        List<String> command = new ArrayList<>();
        tool("setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(account);
        // after the account, because a change of user clears the parent-death signal
        tool("setpriv").ifPresent(setpriv -> command.addAll(List.of(setpriv.toString(), "--pdeathsig", deathSignal)));
        command.addAll(program);
        return command;
    }

    /** Starts a process from the one thread that outlives them all. */
    public static Process start(ProcessBuilder builder) throws IOException {
        try {
            return STARTER.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting " + builder.command(), e);
        }
    }

    /** Sends a signal by name; a process that is gone already is no error. */
    public static void signal(long pid, String name) throws IOException {
        Process kill = new ProcessBuilder(
                        "/bin/sh", "-c", "kill -s \"$0\" \"$1\" 2>/dev/null", name, Long.toString(pid))
                .start();
        exited(kill, SIGNALLING);
    }

    /** Waits for the end of a process; false when it still runs then. */
    public static boolean exited(Process process, Duration wait) throws IOException {
        try {
            return process.waitFor(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for process " + process.pid(), e);
        }
    }

    static Optional<Path> tool(String name) {
        return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
