package dev.snapfork.hypervisor.qemu;

import dev.snapfork.hypervisor.MachineHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * QEMU's own way of saving a machine: a migration that has the memory in its stream, into a file, while the machine stands still. What
 * benchmarks compare with.
 */
public final class WholeMigration {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long NO_LIMIT = 1L << 40;

    private WholeMigration() {}

    /**
     * Saves a machine that runs, and lets it go on.
     *
     * @param file is overwritten
     * @return how long it stood still
     */
    public static Duration pause(MachineHome home, Path file) throws IOException, InterruptedException {
        Files.deleteIfExists(file);
        try (var qmp = Qmp.open(home, LIMIT)) {
            qmp.ignoreShared(false);
            qmp.execute("migrate-set-parameters", Qmp.arguments().put("max-bandwidth", NO_LIMIT));
            var begun = System.nanoTime();
            qmp.execute("stop");
            qmp.execute("migrate", Qmp.arguments().put("uri", "exec:cat > " + file));
            awaitCompleted(qmp);
            qmp.execute("cont");
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    private static void awaitCompleted(Qmp qmp) throws IOException, InterruptedException {
        var deadline = Deadline.in(LIMIT, "migration");
        while (true) {
            switch (qmp.execute("query-migrate").path("status").asText()) {
                case "completed" -> {
                    return;
                }
                case "failed", "cancelled" -> throw new IOException("QEMU could not save the machine");
                default -> {
                    deadline.requireTime();
                    Thread.sleep(1);
                }
            }
        }
    }
}
