package dev.snapfork.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports on 127.0.0.1. */
final class Ports {
    static final String HOST = "127.0.0.1";

    private Ports() {}

    /** The port itself, or for 0 one that was free a moment ago. */
    static int orFree(int port) throws IOException {
        return port == 0 ? free() : port;
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST))) {
            return socket.getLocalPort();
        }
    }

    /** @throws LaunchException naming the variable that moves the port, when something listens there already */
    static void requireFree(int port, String variable) {
        try (ServerSocket socket = new ServerSocket()) {
            // as the servers do it: a port that only lingers in TIME_WAIT is free
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), port));
        } catch (IOException e) {
            throw new LaunchException("Port " + port + " is in use: choose another with " + variable + ".", e);
        }
    }
}
