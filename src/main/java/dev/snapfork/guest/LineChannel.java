package dev.snapfork.guest;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Lines over a Unix socket. Nothing waits longer than its deadline, which ends in a {@link SocketTimeoutException}. A line that is
 * longer than a message may be is read over, so the peer cannot fill the memory.
 */
final class LineChannel implements AutoCloseable {
    static final int LONGEST_LINE = 4096;

    private static final byte LINE_FEED = '\n';

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer received = ByteBuffer.allocate(LONGEST_LINE).flip();
    private final StringBuilder line = new StringBuilder();
    private boolean tooLong;

    private LineChannel(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /** @throws IOException also when the peer's queue is full: nothing waits here */
    static LineChannel connect(Path socket) throws IOException {
        var selector = Selector.open();
        try {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.configureBlocking(false);
                if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                    throw new IOException("not connected at once: " + socket);
                }
                channel.register(selector, SelectionKey.OP_READ);
                return new LineChannel(channel, selector);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
    }

    void write(String text, Deadline deadline) throws IOException, InterruptedException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (true) {
            channel.write(bytes);
            if (!bytes.hasRemaining()) {
                return;
            }
            await(SelectionKey.OP_WRITE, deadline);
        }
    }

    /**
     * The next line, one character a byte, without its end.
     *
     * @throws EOFException when the peer has closed
     */
    String readLine(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            while (received.hasRemaining()) {
                var octet = received.get();
                if (octet == LINE_FEED) {
                    var whole = line.toString();
                    var kept = !tooLong;
                    line.setLength(0);
                    tooLong = false;
                    if (kept) {
                        return whole;
                    }
                } else if (line.length() == LONGEST_LINE) {
                    tooLong = true;
                } else {
                    line.append((char) Byte.toUnsignedInt(octet));
                }
            }
            fill(deadline);
        }
    }

    private void fill(Deadline deadline) throws IOException, InterruptedException {
        await(SelectionKey.OP_READ, deadline);
        received.clear();
        var count = channel.read(received);
        received.flip();
        if (count < 0) {
            throw new EOFException("the peer has closed");
        }
    }

    private void await(int operation, Deadline deadline) throws IOException, InterruptedException {
        channel.keyFor(selector).interestOps(operation);
        if (deadline.passed()) {
            throw new SocketTimeoutException("nothing in time");
        }
        // a millisecond more than is left, since 0 would mean to wait for ever
        selector.select(TimeUnit.NANOSECONDS.toMillis(deadline.nanosLeft()) + 1);
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }
}
