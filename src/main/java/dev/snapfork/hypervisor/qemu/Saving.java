package dev.snapfork.hypervisor.qemu;

import dev.snapfork.hypervisor.RunningMachine;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Saves a machine that stands still, in one conversation, so that whatever lets it go on meanwhile is heard of. What an earlier service
 * has left of a transfer is ended first.
 */
final class Saving implements AutoCloseable {
    /** Bytes a second: as much as there is. */
    private static final long NO_LIMIT = 1L << 40;

    private static final long POLL_MILLIS = 1;

    private final RunningMachine machine;
    private final Qmp qmp;
    private final Deadline deadline;

    Saving(RunningMachine machine, QemuConfig config) throws IOException {
        this.machine = machine;
        this.deadline = Deadline.in(config.saveLimit(), "save");
        this.qmp = Qmp.open(machine.home(), config.commandLimit());
        try {
            prepare();
        } catch (IOException | RuntimeException e) {
            qmp.close();
            throw e;
        }
    }

    private void prepare() throws IOException {
        switch (qmp.status()) {
            case "running" -> throw new IOException("the machine does not stand still");
            // it was saved before, and QEMU does not save a machine twice that has not gone on in between
            case "postmigrate", "finish-migrate" -> {
                qmp.endTransfer();
                qmp.execute("cont");
                qmp.execute("stop");
            }
            default -> qmp.endTransfer();
        }
        qmp.ignoreShared(true);
        qmp.execute("migrate-set-parameters", Qmp.arguments().put("max-bandwidth", NO_LIMIT));
        var unused = qmp.events();
    }

    /** Of a machine that has a memory file of its own. */
    void withoutMemory(Path state) throws IOException, InterruptedException {
        try (var socket = begin()) {
            socket.receive(state, deadline);
        }
        requireCompleted();
    }

    /** Of a machine whose memory is private to it. */
    void withMemory(Path state, Path memory) throws IOException, InterruptedException {
        try (var socket = begin()) {
            socket.receive(state, memory, deadline);
        }
        requireCompleted();
        requireStoodStill();
    }

    private StateSocket begin() throws IOException {
        var socket = StateSocket.listen(machine.home().runtime().resolve("save.sock"));
        try {
            qmp.execute("migrate", Qmp.arguments().put("uri", socket.uri()));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void requireCompleted() throws IOException, InterruptedException {
        while (true) {
            var migration = qmp.execute("query-migrate");
            switch (migration.path("status").asText()) {
                case "completed" -> {
                    return;
                }
                case "failed", "cancelled", "cancelling" ->
                    throw new IOException("QEMU could not save the machine: "
                            + migration.path("error-desc").asText("it does not say why"));
                default -> {
                    deadline.requireTime();
                    Thread.sleep(POLL_MILLIS);
                }
            }
        }
    }

    /** @throws IOException if the machine went on since the conversation began, or stands still no longer */
    void requireStoodStill() throws IOException {
        if (qmp.status().equals("running") || qmp.events().contains("RESUME")) {
            throw new IOException("somebody let the machine go on while it was saved");
        }
    }

    @Override
    public void close() throws IOException {
        qmp.close();
    }
}
