package dev.snapfork.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Sends bytes as they are, on a connection of their own, and reads the answer; well-behaved clients would refuse to. */
final class Wire {
    private static final int CONNECT_MILLIS = 5_000;

    private Wire() {}

    /** What came back before the connection was closed; status 0 if that was no answer. */
    record Reply(int status, Map<String, List<String>> headers, String body) {
        boolean has(String header) {
            return headers.containsKey(header.toLowerCase(Locale.ROOT));
        }

        String header(String name) {
            return String.join(", ", headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
        }
    }

    /**
     * @param head whether the answer is one to HEAD, which has no body
     * @throws IOException also when the answer is not complete within the limit
     */
    static Reply exchange(URI base, byte[] request, boolean head, Duration limit) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), CONNECT_MILLIS);
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            // beside the reading: what is refused early is answered while it is still being sent
            Thread.ofVirtual().start(() -> send(socket, request));
            return read(socket.getInputStream(), head);
        }
    }

    private static void send(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
        } catch (IOException e) {
            // the answer tells why, or its absence does
        }
    }

    private static Reply read(InputStream in, boolean head) throws IOException {
        var statusLine = line(in);
        if (!statusLine.startsWith("HTTP/1.")) {
            return new Reply(0, Map.of(), statusLine);
        }
        Map<String, List<String>> headers = new TreeMap<>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            var parts = line.split(":", 2);
            headers.computeIfAbsent(parts[0].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(parts.length == 2 ? parts[1].strip() : "");
        }
        var status = Integer.parseInt(statusLine.split(" ", -1)[1]);
        var reply = new Reply(status, headers, "");
        // a stream has no end that one could wait for
        return head
                        || status == 204
                        || status == 304
                        || reply.header("Content-Type").startsWith("text/event-stream")
                ? reply
                : new Reply(status, headers, new String(body(in, reply), StandardCharsets.UTF_8));
    }

    private static byte[] body(InputStream in, Reply reply) throws IOException {
        if (reply.header("Transfer-Encoding").equals("chunked")) {
            var body = new ByteArrayOutputStream();
            for (var size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                body.write(in.readNBytes(size));
                line(in);
            }
            return body.toByteArray();
        }
        return reply.has("Content-Length")
                ? in.readNBytes(Integer.parseInt(reply.header("Content-Length")))
                : in.readAllBytes();
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
