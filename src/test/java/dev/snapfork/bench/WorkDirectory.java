package dev.snapfork.bench;

import dev.snapfork.local.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where everything that a run makes lies; gone when it is closed. */
record WorkDirectory(Path path) implements AutoCloseable {
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
        Trees.delete(path);
    }
}
