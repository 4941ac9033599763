package dev.snapfork.chaos;

import dev.snapfork.api.ServiceProcess;
import dev.snapfork.environment.SharedEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A process of the service. */
final class ServiceVictim implements Victim {
    private final String name;
    private final String roles;
    private final Path data;
    private final SharedEnvironment environment;
    private final Map<String, String> settings;
    private @Nullable ServiceProcess process;

    ServiceVictim(String name, String roles, Path data, SharedEnvironment environment, Map<String, String> settings) {
        this.name = name;
        this.roles = roles;
        this.data = data;
        this.environment = environment;
        this.settings = settings;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void start() throws IOException {
        if (!isAlive()) {
            process = ServiceProcess.start(roles, data, settings, environment);
        }
    }

    @Override
    public synchronized boolean isAlive() {
        return process != null && process.alive();
    }

    @Override
    public synchronized void kill() throws IOException {
        if (process != null) {
            process.kill();
        }
    }

    @Override
    public synchronized void pause() throws IOException {
        if (process != null) {
            process.pause();
        }
    }

    @Override
    public synchronized void resume() throws IOException {
        if (process != null) {
            process.resume();
        }
    }

    /** Waits until it says that it is ready; it must be alive. */
    void awaitReady() {
        ServiceProcess alive;
        synchronized (this) {
            alive = process;
        }
        if (alive == null) {
            throw new IllegalStateException(name + " was never started");
        }
        alive.awaitReady();
    }
}
