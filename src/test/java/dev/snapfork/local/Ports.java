package dev.snapfork.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports on 127.0.0.1. */
public final class Ports {
    /** Where everything listens. */
    public static final String HOST = "127.0.0.1";

    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 100;

    private Ports() {}

    /** The port itself, or for 0 one that was free a moment ago. */
    public static int orFree(int port) throws IOException {
        return port == 0 ? free() : port;
    }

    /** Below the range that systems give to outgoing connections, one of which could take the port before its server does. */
    private static int free() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // as the servers do it: a port that only lingers in TIME_WAIT is free
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws LaunchException naming the variable that moves the port, when something listens there already */
    static void requireFree(int port, String variable) {
        if (port != 0 && !isFree(port)) {
            throw new LaunchException("Port " + port + " is in use: choose another with " + variable + ".");
        }
    }
}
