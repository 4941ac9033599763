package dev.snapfork.hypervisor.qemu;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Carries device state between QEMU and a file. No shell and no file of QEMU's own: what is on the disk is what came through here, and that
 * QEMU calls a transfer complete is not believed before all of it has.
 */
final class StateSocket implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;
    /** The smallest state that any machine has is some ten times as large. */
    private static final int SMALLEST = 4096;

    private final Path path;
    private final ServerSocketChannel server;

    private StateSocket(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    static StateSocket listen(Path path) throws IOException {
        return new StateSocket(path, Sockets.listen(path));
    }

    String uri() {
        return "unix:" + path;
    }

    /** Writes what QEMU sends into the file. */
    void receive(Path state, Deadline deadline) throws IOException {
        try (var channel = Sockets.accept(server, deadline);
                var in = new SocketInput(channel, deadline);
                var out = Files.newOutputStream(state, StandardOpenOption.CREATE_NEW)) {
            in.transferTo(out);
        }
        requireState(state);
    }

    /** Writes what QEMU sends into the file, but for the guest's memory, which goes into one of its own. */
    void receive(Path state, Path memory, Deadline deadline) throws IOException {
        try (var channel = Sockets.accept(server, deadline);
                var in = new DataInputStream(new SocketInput(channel, deadline));
                var out = new DataOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(state, StandardOpenOption.CREATE_NEW)));
                var pages = new PageFile(memory)) {
            RamStream.split(in, out, pages);
            in.transferTo(out);
            pages.complete();
        }
        requireState(state);
    }

    /** Sends the file to where QEMU listens. */
    static void send(Path state, Path socket, Deadline deadline) throws IOException {
        try (var channel = connected(socket, deadline);
                var file = FileChannel.open(state, StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            while (file.read(buffer.clear()) > 0) {
                Sockets.write(channel, buffer.flip(), deadline);
            }
            channel.shutdownOutput();
        }
    }

    private static SocketChannel connected(Path socket, Deadline deadline) throws IOException {
        while (true) {
            try {
                return Sockets.connect(socket, deadline);
            } catch (IOException e) {
                deadline.requireTime();
                Sockets.pause();
            }
        }
    }

    /** @throws IOException if the file is not the state of a machine */
    static void requireState(Path state) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(state))) {
            if (Files.size(state) < SMALLEST || in.readInt() != RamStream.MAGIC) {
                throw new IOException("the state is not a machine's, or not all of it");
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }

    /** A socket as a stream, with a buffer. */
    private static final class SocketInput extends InputStream {
        private final SocketChannel channel;
        private final Deadline deadline;
        private final ByteBuffer buffer =
                ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);

        private SocketInput(SocketChannel channel, Deadline deadline) {
            this.channel = channel;
            this.deadline = deadline;
        }

        private boolean filled() throws IOException {
            if (buffer.hasRemaining()) {
                return true;
            }
            var count = Sockets.read(channel, buffer.clear(), deadline);
            buffer.flip();
            return count >= 0;
        }

        @Override
        public int read() throws IOException {
            return filled() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (!filled()) {
                return -1;
            }
            var count = Math.min(length, buffer.remaining());
            buffer.get(bytes, offset, count);
            return count;
        }
    }
}
