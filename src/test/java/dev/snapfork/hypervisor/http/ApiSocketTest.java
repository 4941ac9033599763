package dev.snapfork.hypervisor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiSocketTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final AtomicReference<String> request = new AtomicReference<>("");
    private ServerSocketChannel server = closed();
    private Path path = Path.of("");

    private static ServerSocketChannel closed() {
        try {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @BeforeEach
    void listen(@TempDir Path directory) throws IOException {
        path = directory.resolve("api.sock");
        server.bind(UnixDomainSocketAddress.of(path));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private interface Script {
        void play(SocketChannel connection) throws Exception;
    }

    /** Plays one answer to one request. */
    private void answer(Script script) {
        Thread.ofPlatform().daemon().start(() -> {
            try (var connection = server.accept()) {
                var bytes = ByteBuffer.allocate(8 << 10);
                connection.read(bytes);
                request.set(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
                script.play(connection);
            } catch (Exception over) {
                // the client has gone
            }
        });
    }

    private void answer(String text) {
        answer(connection -> send(connection, text));
    }

    private static void send(SocketChannel connection, String text) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    private Reply get(Duration limit) throws Exception {
        return new ApiSocket(path).send(Call.get("/vm", limit));
    }

    @Test
    void aBodyIsSentWithItsLengthAndNoneWithout() throws Exception {
        answer("HTTP/1.1 204 No Content\r\n\r\n");
        new ApiSocket(path).send(Call.put("/vm", "{\"n\":\"\u00e4\"}", LONG));
        assertThat(request.get())
                .startsWith("PUT /vm HTTP/1.1\r\n")
                .contains("Content-Length: 10\r\n")
                .endsWith("\r\n\r\n{\"n\":\"\u00e4\"}");

        answer("HTTP/1.1 204 No Content\r\n\r\n");
        new ApiSocket(path).send(Call.put("/vm", null, LONG));
        assertThat(request.get()).doesNotContain("Content-");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more",
                "HTTP/1.1 200 \r\ncontent-length:5\r\nConnection: keep-alive\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n",
                "HTTP/1.0 200 OK\r\n\r\nhello",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
            })
    void anAnswerIsReadWhateverFormItHas(String text) throws Exception {
        answer(text);

        assertThat(get(LONG)).isEqualTo(new Reply(200, "hello"));
    }

    @Test
    void anAnswerWithoutContentDoesNotWaitForTheEnd() throws Exception {
        answer(connection -> {
            send(connection, "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n");
            Thread.sleep(LONG);
        });

        assertThat(get(LONG)).isEqualTo(new Reply(204, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            })
    void anAnswerThatEndsEarlyIsNone(String text) {
        answer(text);

        assertThatThrownBy(() -> get(LONG)).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 huh\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
            })
    void whatIsNoHttpOrTooMuchIsRefused(String text) {
        answer(text);

        assertThatThrownBy(() -> get(LONG)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void endlessHeadsAndBodiesAreCutOff() {
        answer(connection -> {
            send(connection, "HTTP/1.1 200 OK\r\n");
            while (true) {
                send(connection, "X: y\r\n");
            }
        });
        assertThatThrownBy(() -> get(LONG))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("head");

        answer(connection -> {
            send(connection, "HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                send(connection, "x".repeat(1 << 16));
            }
        });
        assertThatThrownBy(() -> get(LONG))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("longer");
    }

    @Test
    void theLimitIsOfTheWholeAnswerHoweverSlowlyItComes() {
        answer(connection -> {
            send(connection, "HTTP/1.1 200 OK\r\n");
            while (true) {
                send(connection, "X: y\r\n");
                Thread.sleep(20);
            }
        });

        assertThatThrownBy(() -> get(SHORT))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no answer to GET /vm within 300 ms");
    }

    @Test
    void whoDoesNotReadIsNotWaitedForEither() {
        answer(connection -> Thread.sleep(LONG));

        assertThatThrownBy(() -> new ApiSocket(path).send(Call.put("/vm", "x".repeat(3 << 20), SHORT)))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aFullQueueOfConnectionsIsNotWaitedForLongerThanTheLimit(@TempDir Path directory) throws Exception {
        var full = directory.resolve("full.sock");
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(full), 1);
            fill(full);

            assertThatThrownBy(() -> new ApiSocket(full).send(Call.get("/vm", SHORT)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Connects as often as there is room for, and stays. */
    private static void fill(Path socket) throws IOException {
        var left = 1000;
        for (var room = true; room && left > 0; left--) {
            var connection = SocketChannel.open(StandardProtocolFamily.UNIX);
            connection.configureBlocking(false);
            try {
                room = connection.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException full) {
                connection.close();
                room = false;
            }
        }
        assertThat(left).isPositive();
    }

    @Test
    void nobodyListeningIsSaidAtOnce(@TempDir Path directory) {
        assertThatThrownBy(() -> new ApiSocket(directory.resolve("none")).send(Call.get("/vm", LONG)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        answer(connection -> Thread.sleep(LONG));
        var thrown = new AtomicReference<Throwable>();
        var caller = Thread.ofPlatform().start(() -> {
            try {
                get(LONG);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        Thread.sleep(200);

        caller.interrupt();
        caller.join(LONG);

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
}
