package dev.snapfork.bench;

import dev.snapfork.local.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Where everything that a run makes lies; gone when it is closed. */
record WorkDirectory(Path path) implements AutoCloseable {
    private static final int ATTEMPTS = 20;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** A new one. PostgreSQL works below it as another user, so that all may look into it. */
    static WorkDirectory below(Path parent) throws IOException {
        var path = Files.createTempDirectory(Files.createDirectories(parent), "bench-");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new WorkDirectory(path.toRealPath());
    }

    @Override
    public void close() throws IOException {
        // services have been stopped by now: what still runs is a command that was broken off
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        for (var attempt = 1; Files.exists(path); attempt++) {
            try {
                Trees.delete(path);
            } catch (IOException e) {
                // a run that is broken off still makes and deletes files
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}
