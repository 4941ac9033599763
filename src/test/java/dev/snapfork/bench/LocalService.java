package dev.snapfork.bench;

import dev.snapfork.local.Children;
import dev.snapfork.local.Ports;
import dev.snapfork.local.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A service of this run's own on free ports, started as {@code deploy/local/run} does; its data goes with it. */
final class LocalService implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(90);
    private static final String READY = "Snapfork is ready";

    private final Process process;
    private final Path data;
    private final Api api;
    private final ImportedGuests guests;

    private LocalService(Process process, Path data, Api api) {
        this.process = process;
        this.data = data;
        this.api = api;
        this.guests = new ImportedGuests(data, api);
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param data a directory that does not exist yet
     * @throws IOException when it does not come up; it has said why on standard error
     */
    static LocalService start(Path project, Path data) throws IOException {
        Files.createDirectory(data);
        var port = Ports.orFree(0);
        var script = project.resolve("deploy/local/run").toString();
        var builder = new ProcessBuilder(Children.tied("TERM", List.of(), List.of(script)))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("SNAPFORK_DATA_DIR", data.toString());
        builder.environment().put("SNAPFORK_PORT", Integer.toString(port));
        builder.environment().put("SNAPFORK_KAFKA_PORT", Integer.toString(Ports.orFree(0)));
        builder.environment().put("SNAPFORK_POSTGRES_PORT", Integer.toString(Ports.orFree(0)));
        var process = Children.start(builder);
        try {
            awaitReady(process);
            var token = Files.readString(data.resolve("token")).strip();
            return new LocalService(process, data, new Api("http://" + Ports.HOST + ":" + port, token));
        } catch (IOException e) {
            stop(process);
            throw e;
        }
    }

    private static void awaitReady(Process process) throws IOException {
        var ready = new CompletableFuture<Boolean>();
        Thread.ofPlatform().daemon().name("service-output").start(() -> {
            try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
                read(lines, ready);
            } catch (IOException e) {
                ready.completeExceptionally(e);
            }
        });
        try {
            if (!ready.get(START.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the service did not start");
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the service did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the service was starting", e);
        }
    }

    /** Reads on to the end, so that the service never waits for somebody to read. */
    private static void read(BufferedReader lines, CompletableFuture<Boolean> ready) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(READY)) {
                ready.complete(true);
            }
        }
        ready.complete(false);
    }

    Api api() {
        return api;
    }

    /** The type of the filesystem that it works on. */
    String filesystem() throws IOException {
        return Files.getFileStore(data).type();
    }

    /** As {@link ImportedGuests#standby}. */
    String importStandby(Image image) throws IOException {
        return guests.standby(image);
    }

    /** As {@link ImportedGuests#stopped}. */
    String importStopped() throws IOException {
        return guests.stopped();
    }

    /** Stops it and deletes its data. */
    @Override
    public void close() throws IOException {
        api.close();
        stop(process);
        Trees.delete(data);
    }

    private static void stop(Process process) throws IOException {
        if (process.isAlive()) {
            Children.signal(process.pid(), "TERM");
        }
        if (!Children.exited(process, STOP)) {
            process.destroyForcibly();
        }
    }
}
