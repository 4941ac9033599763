package dev.snapfork.guest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands where the agent of a machine would: each connection plays one scene of a script, the last scene again and again. */
final class FakePeer implements AutoCloseable {
    /** What happens on a connection; it is closed afterwards. */
    interface Scene {
        void play(Stage stage) throws IOException;
    }

    private final ServerSocketChannel server;
    private final List<Message> requests = new CopyOnWriteArrayList<>();

    FakePeer(Path socket, Scene... script) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(() -> accept(script));
    }

    private void accept(Scene... script) {
        for (var next = 0; ; next = Math.min(next + 1, script.length - 1)) {
            try (var connection = server.accept()) {
                script[next].play(new Stage(connection));
            } catch (IOException e) {
                if (!server.isOpen()) {
                    return;
                }
            }
        }
    }

    /** What it was asked so far. */
    List<Message> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final class Stage {
        private final SocketChannel connection;
        private final BufferedReader lines;

        private Stage(SocketChannel connection) {
            this.connection = connection;
            this.lines = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.ISO_8859_1));
        }

        Message request() throws IOException {
            var line = lines.readLine();
            if (line == null) {
                throw new IOException("the client has gone");
            }
            var request = Message.decoded(line).orElseThrow();
            requests.add(request);
            return request;
        }

        void say(String text) throws IOException {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                connection.write(bytes);
            }
        }

        /** Until the client goes. */
        void listen() throws IOException {
            while (lines.readLine() != null) {
                // it may ask what it wants
            }
        }
    }
}
