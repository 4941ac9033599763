package dev.snapfork.hypervisor.qemu;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Unix sockets of which no call waits longer than its deadline. */
final class Sockets {
    private static final long PAUSE_MILLIS = 2;

    private Sockets() {}

    /**
     * Connects. Where somebody listens who accepts nobody, those that have connected soon are as many as may wait, and a connection that
     * blocks would never come back.
     *
     * @throws IOException also if nobody listens there
     */
    static SocketChannel connect(Path path, Deadline deadline) throws IOException {
        while (true) {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.configureBlocking(false);
                if (isConnected(channel, path)) {
                    return channel;
                }
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            channel.close();
            deadline.requireTime();
            pause();
        }
    }

    /** A queue of connections that is full is an error with Unix sockets, and passes. */
    private static boolean isConnected(SocketChannel channel, Path path) throws IOException {
        try {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException refused) {
            throw refused;
        } catch (SocketException e) {
            if (Files.exists(path)) {
                return false;
            }
            throw e;
        }
    }

    /** Waits a moment before something is tried again. */
    static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    /** Listens; what has the name is removed. */
    static ServerSocketChannel listen(Path path) throws IOException {
        Files.deleteIfExists(path);
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            server.configureBlocking(false);
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    static SocketChannel accept(ServerSocketChannel server, Deadline deadline) throws IOException {
        while (true) {
            var channel = server.accept();
            if (channel != null) {
                channel.configureBlocking(false);
                return channel;
            }
            await(server, SelectionKey.OP_ACCEPT, deadline);
        }
    }

    /** Reads what there is, at least a byte; -1 at the end. */
    static int read(SocketChannel channel, ByteBuffer buffer, Deadline deadline) throws IOException {
        while (true) {
            var count = channel.read(buffer);
            if (count != 0) {
                return count;
            }
            await(channel, SelectionKey.OP_READ, deadline);
        }
    }

    static void write(SocketChannel channel, ByteBuffer buffer, Deadline deadline) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                await(channel, SelectionKey.OP_WRITE, deadline);
            }
        }
    }

    private static void await(SelectableChannel channel, int what, Deadline deadline) throws IOException {
        try (var selector = Selector.open()) {
            channel.register(selector, what);
            if (selector.select(deadline.millisLeft()) == 0) {
                deadline.requireTime();
            }
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new ClosedByInterruptException();
        }
    }
}
