import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The serial console of an example guest: it counts aloud, and answers lines. */
final class GuestConsole implements AutoCloseable {
    private static final int LONGEST_LINE = 16 << 10;

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(4096).flip();
    private final StringBuilder line = new StringBuilder();

    private GuestConsole(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    static GuestConsole at(Path socket) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            var selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            return new GuestConsole(channel, selector);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Waits until the guest counts: it has booted, or goes on. */
    void awaitCount(Duration limit) throws IOException, Problem {
        expect("C ", "does not count", limit);
    }

    /** What the guest says to the line, without the verb. */
    String ask(String verb, Duration limit) throws IOException, Problem {
        // ends what somebody may have typed in part
        channel.write(ByteBuffer.wrap(("\n" + verb + "\n").getBytes(StandardCharsets.US_ASCII)));
        return expect("A " + verb + " ", "does not answer " + verb, limit);
    }

    private String expect(String beginning, String otherwise, Duration limit) throws IOException, Problem {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var said = readLine(deadline);
            if (said == null) {
                throw new Problem("The guest " + otherwise + " within " + limit.toSeconds() + " s.");
            }
            if (said.startsWith(beginning)) {
                return said.substring(beginning.length());
            }
        }
    }

    /** Returns null past the deadline. */
    private String readLine(long deadline) throws IOException {
        while (true) {
            while (buffer.hasRemaining()) {
                var next = (char) buffer.get();
                if (next == '\n') {
                    var whole = line.toString().strip();
                    line.setLength(0);
                    return whole;
                }
                if (line.length() < LONGEST_LINE) {
                    line.append(next);
                }
            }
            var left = deadline - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            selector.select(Math.max(1, left / 1_000_000));
            selector.selectedKeys().clear();
            var read = channel.read(buffer.clear());
            buffer.flip();
            if (read < 0) {
                throw new IOException("the machine has ended");
            }
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
