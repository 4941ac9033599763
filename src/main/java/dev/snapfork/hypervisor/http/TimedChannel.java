package dev.snapfork.hypervisor.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A connection to a Unix socket on which everything together ends within one limit. */
final class TimedChannel implements Closeable {
    private static final long RETRY_MILLIS = 5;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SocketChannel channel;
    private final Selector selector;
    private final long until;

    private TimedChannel(SocketChannel channel, Selector selector, long until) {
        this.channel = channel;
        this.selector = selector;
        this.until = until;
    }

    /** @throws IOException if nobody listens there */
    static TimedChannel connect(Path socket, Duration limit) throws IOException, InterruptedException {
        var until = System.nanoTime() + limit.toNanos();
        while (true) {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.configureBlocking(false);
                if (isConnected(channel, socket)) {
                    return open(channel, until);
                }
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            channel.close();
            remaining(until);
            Thread.sleep(RETRY_MILLIS);
        }
    }

    /** A queue of connections that is full is an error with Unix sockets, and passes. */
    private static boolean isConnected(SocketChannel channel, Path socket) throws IOException {
        try {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException refused) {
            throw refused;
        } catch (SocketException e) {
            if (Files.exists(socket)) {
                return false;
            }
            throw e;
        }
    }

    private static TimedChannel open(SocketChannel channel, long until) throws IOException {
        var selector = Selector.open();
        try {
            channel.register(selector, 0);
            return new TimedChannel(channel, selector, until);
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
    }

    void write(ByteBuffer bytes) throws IOException, InterruptedException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    /**
     * Reads what is there, and waits until something is.
     *
     * @return how much; -1 at the end
     */
    int read(ByteBuffer into) throws IOException, InterruptedException {
        while (true) {
            var count = channel.read(into);
            if (count != 0) {
                return count;
            }
            await(SelectionKey.OP_READ);
        }
    }

    private void await(int operation) throws IOException, InterruptedException {
        channel.keyFor(selector).interestOps(operation);
        selector.select(remaining(until));
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** In milliseconds, at least one. */
    private static long remaining(long until) throws SocketTimeoutException {
        var left = until - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return Math.max(1, left / NANOS_PER_MILLI);
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }
}
