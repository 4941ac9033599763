package dev.snapfork.hypervisor.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.hypervisor.MachineHome;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A conversation with QEMU's monitor: one JSON object a line. QEMU talks to one client at a time, and one that stands still keeps
 * others out; so there are two sockets, and the second is for whoever gets no word on the first.
 */
final class Qmp implements AutoCloseable {
    static final List<String> SOCKETS = List.of("qmp.sock", "qmp-spare.sock");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration GREETING_LIMIT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(1);
    /** What {@code query-migrate} says when there is none: QEMU's {@code qapi/migration.json}, MigrationStatus. */
    private static final Set<String> TRANSFER_ENDED = Set.of("none", "completed", "failed", "cancelled");

    private static final int LARGEST_LINE = 1 << 20;

    private final SocketChannel channel;
    private final Duration limit;
    private final List<String> events = new ArrayList<>();
    private ByteBuffer received = ByteBuffer.allocate(1 << 14).limit(0);
    private int commands;

    private Qmp(SocketChannel channel, Duration limit) {
        this.channel = channel;
        this.limit = limit;
    }

    /**
     * Opens a conversation.
     *
     * @param limit of each command
     * @throws IOException if QEMU does not listen, or does not greet
     */
    static Qmp open(MachineHome home, Duration limit) throws IOException {
        IOException first = null;
        for (var socket : SOCKETS) {
            try {
                return open(home.runtime().resolve(socket), limit);
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw new IOException("QEMU's monitor cannot be reached: " + first, first);
    }

    private static Qmp open(Path socket, Duration limit) throws IOException {
        var deadline = Deadline.in(GREETING_LIMIT, "greeting");
        var qmp = new Qmp(Sockets.connect(socket, deadline), limit);
        try {
            var greeting = qmp.line(deadline);
            if (!greeting.has("QMP")) {
                throw new IOException("not QEMU's monitor: " + greeting);
            }
            qmp.execute("qmp_capabilities");
            return qmp;
        } catch (IOException | RuntimeException e) {
            qmp.close();
            throw e;
        }
    }

    JsonNode execute(String command) throws IOException {
        return execute(command, MAPPER.createObjectNode());
    }

    static ObjectNode arguments() {
        return MAPPER.createObjectNode();
    }

    /**
     * Has a command done.
     *
     * @return what it returned
     * @throws QmpException if QEMU refuses it
     * @throws IOException if QEMU went away, or did not answer in time
     */
    JsonNode execute(String command, ObjectNode arguments) throws IOException {
        var deadline = Deadline.in(limit, command);
        var request = MAPPER.createObjectNode().put("execute", command).put("id", ++commands);
        if (!arguments.isEmpty()) {
            request.set("arguments", arguments);
        }
        Sockets.write(channel, ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)), deadline);
        while (true) {
            var line = line(deadline);
            if (line.path("id").asInt() == commands) {
                if (line.has("error")) {
                    throw new QmpException(line.path("error").path("desc").asText("refused"));
                }
                return line.path("return");
            }
            note(line);
        }
    }

    private void note(JsonNode line) {
        if (line.has("event")) {
            events.add(line.path("event").asText());
        }
    }

    /** The names of the events that have come so far, since they were last asked for. */
    List<String> events() {
        var all = List.copyOf(events);
        events.clear();
        return all;
    }

    /** What the machine does: running, paused, inmigrate, postmigrate, … */
    String status() throws IOException {
        return execute("query-status").path("status").asText();
    }

    /** Whether memory in a file that is shared with QEMU is left out of what is saved or loaded from now on. */
    void ignoreShared(boolean ignored) throws IOException {
        var arguments = arguments();
        arguments
                .putArray("capabilities")
                .addObject()
                .put("capability", "x-ignore-shared")
                .put("state", ignored);
        execute("migrate-set-capabilities", arguments);
    }

    /**
     * Ends what an earlier save has left of itself. QEMU gives up a transfer at a moment of its own, also one whose reader is gone, and
     * refuses another until then.
     *
     * @throws IOException if it goes on after the limit of a command
     */
    void endTransfer() throws IOException {
        var deadline = Deadline.in(limit, "end of a transfer");
        execute("migrate_cancel");
        while (!TRANSFER_ENDED.contains(execute("query-migrate").path("status").asText("none"))) {
            deadline.requireTime();
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private JsonNode line(Deadline deadline) throws IOException {
        while (true) {
            for (var at = received.position(); at < received.limit(); at++) {
                if (received.get(at) == '\n') {
                    var bytes = new byte[at + 1 - received.position()];
                    received.get(bytes);
                    return MAPPER.readTree(bytes);
                }
            }
            receive(deadline);
        }
    }

    private void receive(Deadline deadline) throws IOException {
        received.compact();
        if (!received.hasRemaining()) {
            if (received.capacity() >= LARGEST_LINE) {
                throw new IOException("QEMU says more in one line than it should");
            }
            received = ByteBuffer.allocate(received.capacity() * 2).put(received.flip());
        }
        var count = Sockets.read(channel, received, deadline);
        received.flip();
        if (count < 0) {
            throw new EOFException("QEMU closed its monitor");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
