package dev.snapfork.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.snapfork.api.NodePackage;
import dev.snapfork.local.Children;
import dev.snapfork.log.WireJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The example's consumer of the events, in a process of Node's: it follows all the while, and is struck like all others. */
final class Subscriber implements Victim {
    private static final Path EXAMPLE = Path.of("deploy", "examples", "subscriber");
    private static final String FILE = "snapshots.json";
    private static final long LIMIT_SECONDS = 120;

    private final NodePackage installed;
    private final Path home;
    private final String bootstrapServers;
    private @Nullable Process process;

    /** @param home is made, and holds the program and what it writes */
    Subscriber(Path home, String bootstrapServers) throws IOException, InterruptedException {
        this.installed = NodePackage.install(EXAMPLE, home);
        this.home = home;
        this.bootstrapServers = bootstrapServers;
    }

    @Override
    public String name() {
        return "subscriber";
    }

    private Process run(String... command) throws IOException {
        return installed.start(
                builder -> builder.environment().put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers), command);
    }

    @Override
    public synchronized void start() throws IOException {
        if (!isAlive()) {
            var started = run("node", "subscriber.mjs", "--out", FILE);
            // what it says is read away, so that it does not wait for that
            Thread.ofVirtual().start(() -> started.inputReader().lines().forEach(line -> {}));
            process = started;
        }
    }

    @Override
    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    @Override
    public synchronized void kill() throws IOException {
        if (process != null) {
            process.destroyForcibly();
            if (!Children.exited(process, java.time.Duration.ofSeconds(10))) {
                throw new IOException("the subscriber survives SIGKILL");
            }
        }
    }

    @Override
    public void pause() throws IOException {
        signal("STOP");
    }

    @Override
    public void resume() throws IOException {
        signal("CONT");
    }

    private synchronized void signal(String name) throws IOException {
        if (process != null && process.isAlive()) {
            Children.signal(process.pid(), name);
        }
    }

    /** What the one that followed has written last; null if that is nothing. */
    @Nullable
    JsonNode told() {
        var file = home.resolve(FILE);
        try {
            return Files.exists(file) ? WireJson.mapper().readTree(file.toFile()) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What another one tells, which knows nothing but the topic. */
    JsonNode fromTheTopicAlone() throws IOException, InterruptedException {
        var late = run("node", "subscriber.mjs", "--once");
        var said = NodePackage.said(late);
        if (!late.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || late.exitValue() != 0) {
            late.destroyForcibly();
            throw new IOException("the subscriber did not read the topic: " + said);
        }
        return WireJson.mapper().readTree(said);
    }
}
