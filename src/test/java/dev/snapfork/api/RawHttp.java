package dev.snapfork.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.ConfigProvider;

/** Sends what no well-behaved client sends. */
final class RawHttp {
    private static final int LIMIT_MILLIS = 20_000;

    private RawHttp() {}

    /** A connection on which a request has begun whose body does not come. */
    static Socket begin(String base, String method, String path, int contentLength) throws IOException {
        var address = URI.create(base);
        var socket = new Socket(address.getHost(), address.getPort());
        var request =
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Tokens.everything()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + contentLength + "\r\n\r\n{";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** The whole answer, status line first. */
    static String get(String path) {
        return exchange("GET " + path, "Host: localhost\r\n");
    }

    /**
     * As {@link #get}.
     *
     * @param target method and path
     * @param headers each with its end of line
     */
    static String exchange(String target, String headers) {
        var base = URI.create(ConfigProvider.getConfig().getValue("test.url", String.class));
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(LIMIT_MILLIS);
            var request = target + " HTTP/1.1\r\n" + headers + "Authorization: Bearer " + Tokens.everything()
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
