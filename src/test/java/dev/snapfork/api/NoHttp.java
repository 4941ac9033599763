package dev.snapfork.api;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What comes in on a connection and is no request at all. */
final class NoHttp {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int RANDOM = 50;

    private NoHttp() {}

    static List<byte[]> all(long seed) {
        var random = new Random(seed);
        var noise = IntStream.range(0, RANDOM).mapToObj(i -> {
            var bytes = new byte[1 + random.nextInt(400)];
            random.nextBytes(bytes);
            // blank lines before a request are passed over, and the service rightly waits for it
            bytes[0] = 'X';
            // the end of a head, or it would wait for the rest
            var end = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            var all = java.util.Arrays.copyOf(bytes, bytes.length + end.length);
            System.arraycopy(end, 0, all, bytes.length, end.length);
            return all;
        });
        var text = Stream.of(
                        "GET / HTTP/9.9\r\n\r\n",
                        "GET /health HTTP/1.0\r\n\r\n",
                        "GET\r\n\r\n",
                        "GET /health\r\n\r\n",
                        " /health HTTP/1.1\r\n\r\n",
                        "GET  /health HTTP/1.1\r\n\r\n",
                        "GET /health HTTP/1.1\r\nno colon\r\n\r\n",
                        "GET /health HTTP/1.1\r\n: no name\r\n\r\n",
                        "GET /health HTTP/1.1\r\na b: c\r\n\r\n",
                        "GET /health HTTP/1.1\r\nA: \0\r\nConnection: close\r\n\r\n",
                        "GET /health HTTP/1.1\r\nA: " + "a".repeat(20_000) + "\r\nConnection: close\r\n\r\n",
                        "GET /health HTTP/1.1\r\n" + "A: b\r\n".repeat(5_000) + "Connection: close\r\n\r\n",
                        "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n\r\n",
                        "POST /instances/import HTTP/1.1\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
                        "POST /instances/import HTTP/1.1\r\nContent-Length: x\r\nConnection: close\r\n\r\n",
                        "POST /instances/import HTTP/1.1\r\nContent-Length: 99999999999999999999\r\nConnection: close\r\n\r\n",
                        "POST /instances/import HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
                        "POST /instances/import HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
                        "POST /instances/import HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n-1\r\n",
                        "POST /instances/import HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnothing of HTTP 2\r\n\r\n",
                        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n")
                .map(request -> request.getBytes(StandardCharsets.ISO_8859_1));
        return Stream.concat(text, noise).toList();
    }

    /** What is wrong with what came back; empty if that is an answer which is no failure of the service, or nothing. */
    static String sent(URI base, byte[] bytes) {
        try {
            var reply = Wire.exchange(base, bytes, false, LIMIT);
            return reply.status() < 500 || reply.status() == 505
                    ? ""
                    : reply.status() + " " + reply.body() + told(bytes);
        } catch (java.net.SocketTimeoutException e) {
            return "neither answered nor closed" + told(bytes);
        } catch (IOException e) {
            // closed in the midst of it
            return "";
        }
    }

    private static String told(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        return ": " + text.substring(0, Math.min(text.length(), 200));
    }
}
