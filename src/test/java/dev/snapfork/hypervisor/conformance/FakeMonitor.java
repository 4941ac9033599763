package dev.snapfork.hypervisor.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A process that stands in for a monitor: one thread that answers one request after the other, as theirs does. Its arguments are the kind,
 * the version, the directory that it is controlled by, and then what the monitor is started with.
 */
final class FakeMonitor {
    private final String kind;
    private final Specification specification;
    private final Control control;
    private final Behaviour behaviour;

    private FakeMonitor(String kind, String version, Control control) {
        this.kind = kind;
        this.specification = new Specification(kind, version);
        this.control = control;
        this.behaviour = kind.equals("firecracker")
                ? new FakeFirecracker(version, control)
                : new FakeCloudHypervisor(version, control);
    }

    /**
     * What a kind of monitor does when it is asked for something that its specification knows.
     */
    interface Behaviour {
        /** @param dying whether the process is to end in the middle of it */
        Answer answer(Request request, boolean dying) throws IOException;

        Answer refusal(String message);
    }

    record Answer(int status, @Nullable String body) {
        static final Answer DONE = new Answer(204, null);
    }

    /** @param call as the specification names it */
    record Request(String call, String path, JsonNode body) {}

    public static void main(String[] arguments) throws IOException {
        var kind = arguments[0];
        var option = kind.equals("firecracker") ? "--api-sock" : "--api-socket";
        if (arguments.length != 5 || !arguments[3].equals(option)) {
            System.err.println("error: unexpected arguments");
            System.exit(2);
        }
        var control = new Control(Path.of(arguments[2]));
        if (control.mute()) {
            System.err.println("cannot open /dev/kvm: Permission denied");
            System.exit(1);
        }
        System.out.println("listening");
        new FakeMonitor(kind, arguments[1], control).serve(Path.of(arguments[4]));
    }

    private void serve(Path socket) throws IOException {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            while (true) {
                try (var connection = server.accept()) {
                    serve(connection);
                } catch (IOException broken) {
                    System.err.println("a connection broke: " + broken);
                }
            }
        }
    }

    private void serve(SocketChannel connection) throws IOException {
        var in = new DataInputStream(Channels.newInputStream(connection));
        var words = line(in).split(" ", -1);
        if (words.length != 3) {
            return;
        }
        var length = -1;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        var body = length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
        control.note(words[0] + " " + words[1] + (body == null ? "" : " " + body));
        respond(connection, words[0], words[1], body);
    }

    private void respond(SocketChannel connection, String method, String path, @Nullable String body)
            throws IOException {
        var call = specification.call(method, path);
        if (call == null) {
            control.violation(method + " " + path + " is not in the specification");
            write(connection, new Answer(404, null), 1);
            return;
        }
        var wrong = specification.wrong(call, body);
        if (!wrong.isEmpty()) {
            control.violation(call + ": " + wrong);
            write(connection, behaviour.refusal(String.join(", ", wrong)), 1);
            return;
        }
        var json = body == null ? MissingNode.getInstance() : new JsonMapper().readTree(body);
        act(connection, new Request(call, path, json));
    }

    private void act(SocketChannel connection, Request request) throws IOException {
        var fault = control.fault(request.call());
        switch (fault) {
            case "refuse" -> {
                write(connection, behaviour.refusal("told to refuse"), 1);
                return;
            }
            case "hang" -> {
                hang();
                return;
            }
            default -> {
                // comes after the deed
            }
        }
        var answer = behaviour.answer(request, fault.equals("die"));
        check(request, answer);
        switch (fault) {
            case "" -> write(connection, answer, 1);
            case "half" -> write(connection, new Answer(200, "{\"half\": \"of an answer\"}"), 2);
            case "lose" -> {
                // done, and nobody hears of it
            }
            case "exit" -> {
                write(connection, answer, 1);
                Runtime.getRuntime().halt(0);
            }
            default -> throw new IllegalStateException(fault);
        }
        if (request.call().equals("PUT /vmm.shutdown")) {
            Runtime.getRuntime().halt(0);
        }
    }

    /** The stand-in may not say what the original would not. */
    private void check(Request request, Answer answer) throws IOException {
        if (!specification.mayAnswer(request.call(), answer.status())) {
            control.violation(request.call() + " is never answered with " + answer.status());
        }
        if (answer.status() == 200 && answer.body() != null) {
            var wrong = specification.wrongAnswer(request.call(), new JsonMapper().readTree(answer.body()));
            if (!wrong.isEmpty()) {
                control.violation("the answer to " + request.call() + ": " + wrong);
            }
        }
    }

    private static void hang() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(SocketChannel connection, Answer answer, int part) throws IOException {
        var body = answer.body() == null ? new byte[0] : answer.body().getBytes(StandardCharsets.UTF_8);
        var head = "HTTP/1.1 " + answer.status() + " \r\nServer: Fake " + kind + "\r\nConnection: keep-alive\r\n"
                + (answer.body() == null
                        ? ""
                        : "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n")
                + "\r\n";
        var start = head.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(start.length + body.length)
                .put(start)
                .put(body)
                .flip();
        bytes.limit(bytes.limit() - (part == 1 ? 0 : body.length / part));
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    private static String line(DataInputStream in) throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n' && next >= 0; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    /** Where tests tell a stand-in what to do wrong, and read what the driver did wrong. */
    record Control(Path directory) {
        void note(String request) throws IOException {
            append("requests", request);
        }

        void violation(String what) throws IOException {
            append("violations", what);
        }

        boolean mute() {
            return Files.exists(directory.resolve("mute"));
        }

        boolean deaf() {
            return Files.exists(directory.resolve("deaf"));
        }

        /** What is to go wrong with a call; empty if nothing is. */
        String fault(String call) throws IOException {
            var file = directory.resolve("faults");
            if (!Files.exists(file)) {
                return "";
            }
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(call + " = "))
                    .map(line -> line.substring(call.length() + 3))
                    .findFirst()
                    .orElse("");
        }

        private void append(String file, String line) throws IOException {
            Files.writeString(
                    directory.resolve(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
