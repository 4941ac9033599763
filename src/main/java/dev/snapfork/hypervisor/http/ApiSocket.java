package dev.snapfork.hypervisor.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A monitor's end of the line. Each call has a connection of its own, so that none waits behind one that hangs. */
public final class ApiSocket {
    /** What a socket's address holds, without the NUL. */
    public static final int LONGEST_PATH = 107;

    private final Path path;

    public ApiSocket(Path path) {
        this.path = path;
    }

    /**
     * Makes a call.
     *
     * @throws SocketTimeoutException if the whole answer was not there within the call's limit
     * @throws IOException if nobody listens, or the answer ends early, is too long or is no HTTP; whether the monitor has done what
     *     it was told is then unknown
     */
    public Reply send(Call call) throws IOException, InterruptedException {
        try (var channel = TimedChannel.connect(path, call.limit())) {
            channel.write(request(call));
            return new ReplyReader(channel).read();
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException().initCause(e);
        } catch (SocketTimeoutException e) {
            throw (IOException) new SocketTimeoutException("no answer to " + call.line() + " within "
                            + call.limit().toMillis() + " ms")
                    .initCause(e);
        }
    }

    private static ByteBuffer request(Call call) {
        var body = call.body() == null ? new byte[0] : call.body().getBytes(StandardCharsets.UTF_8);
        var head =
                new StringBuilder(call.line()).append(" HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n");
        if (call.body() != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        var start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(start.length + body.length)
                .put(start)
                .put(body)
                .flip();
    }
}
