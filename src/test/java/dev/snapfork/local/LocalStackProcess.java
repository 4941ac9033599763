package dev.snapfork.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The local stack in a JVM of its own, with the class path of this one. It ends with this JVM, even when this one is
 * killed; its data directory can then be used again.
 */
public final class LocalStackProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(60);

    private final Process process;
    private final LocalAddresses addresses;

    private LocalStackProcess(Process process, LocalAddresses addresses) {
        this.process = process;
        this.addresses = addresses;
    }

    /**
     * Starts a stack on free ports and waits until it takes connections. Nothing runs on after a failure.
     *
     * @param data where its data is, or will be
     * @param binaries where PostgreSQL's programs are unpacked, once for all stacks that name the same place
     * @throws IOException when it does not come up; it has said why on standard error
     */
    public static LocalStackProcess start(Path data, Path binaries) throws IOException {
        return start(data, binaries, "kept");
    }

    /** The same, but the stack deletes its data when it ends, also when it ends because this JVM was killed. */
    public static LocalStackProcess startTemporary(Path data, Path binaries) throws IOException {
        return start(data, binaries, LocalStackMain.TEMPORARY);
    }

    private static LocalStackProcess start(Path data, Path binaries, String lifetime) throws IOException {
        Process process = Children.start(new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-Dlog4j2.shutdownHookEnabled=false",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LocalStackMain.class.getName(),
                        data.toString(),
                        binaries.toString(),
                        "0",
                        "0",
                        lifetime))
                .redirectError(ProcessBuilder.Redirect.INHERIT));
        try {
            return new LocalStackProcess(process, addresses(process));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static LocalAddresses addresses(Process process) throws IOException {
        CompletableFuture<Map<String, String>> said = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("local-stack").start(() -> {
            try {
                said.complete(read(process));
            } catch (IOException e) {
                said.completeExceptionally(e);
            }
        });
        try {
            Map<String, String> lines = said.get(START.toSeconds(), TimeUnit.SECONDS);
            return new LocalAddresses(
                    line(lines, "kafka.bootstrap.servers"),
                    line(lines, "quarkus.datasource.jdbc.url"),
                    line(lines, "quarkus.datasource.reactive.url"),
                    line(lines, "quarkus.datasource.username"),
                    line(lines, "quarkus.datasource.password"));
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the local stack did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the local stack was starting", e);
        }
    }

    private static Map<String, String> read(Process process) throws IOException {
        Map<String, String> lines = new HashMap<>();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null && !line.equals("ready"); line = reader.readLine()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return lines;
    }

    private static String line(Map<String, String> lines, String key) throws IOException {
        String value = lines.get(key);
        if (value == null) {
            throw new IOException("the local stack ended before it was ready");
        }
        return value;
    }

    /** How to reach it. */
    public LocalAddresses addresses() {
        return addresses;
    }

    long pid() {
        return process.pid();
    }

    /** Kills its JVM as a crash would. */
    void kill() throws IOException {
        process.destroyForcibly();
        if (!Children.exited(process, STOP)) {
            throw new IOException("process " + process.pid() + " survives SIGKILL");
        }
    }

    /** Stops it in order; kills it when that takes longer than a minute. */
    @Override
    public void close() throws IOException {
        Children.signal(process.pid(), "TERM");
        if (!Children.exited(process, STOP)) {
            kill();
        }
    }
}
