package dev.snapfork.api;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a process and a server of others, so that the server can be away for that process alone. */
final class Relay implements Closeable {
    private final ServerSocket entrance;
    private final URI server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /** @param server whose connections are passed on */
    Relay(URI server) throws IOException {
        this.server = server;
        entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** Closes what is open, and whatever comes. */
    void cut() {
        cut = true;
        open.forEach(Relay::end);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                var inside = entrance.accept();
                if (cut) {
                    end(inside);
                } else {
                    connect(inside);
                }
            } catch (IOException e) {
                // closed, or the server does not answer: then the process finds that out
            }
        }
    }

    private void connect(Socket inside) throws IOException {
        var outside = new Socket(server.getHost(), server.getPort());
        open.add(inside);
        open.add(outside);
        Thread.ofVirtual().start(() -> pass(inside, outside));
        Thread.ofVirtual().start(() -> pass(outside, inside));
    }

    private void pass(Socket from, Socket to) {
        try {
            var unused = from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one end is gone, so the other one goes
        }
        open.remove(from);
        end(from);
        end(to);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        cut();
    }
}
