package dev.snapfork.hypervisor.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads one answer: by its length, in chunks, or up to the end of the connection. */
final class ReplyReader {
    static final int LONGEST_HEAD = 16 << 10;
    static final int LONGEST_BODY = 4 << 20;

    private static final int HEX = 16;
    private static final int INFORMATIONAL = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final TimedChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(8 << 10).limit(0);
    private int headBytes;

    ReplyReader(TimedChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException if the answer ends early, is too long or is no HTTP */
    Reply read() throws IOException, InterruptedException {
        int status;
        Map<String, String> headers;
        do {
            status = status(line());
            headers = headers();
        } while (status < INFORMATIONAL);
        return new Reply(status, new String(body(status, headers), StandardCharsets.UTF_8));
    }

    private byte[] body(int status, Map<String, String> headers) throws IOException, InterruptedException {
        if (status == NO_CONTENT || status == NOT_MODIFIED) {
            return new byte[0];
        }
        if (headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .endsWith("chunked")) {
            return chunks();
        }
        var length = headers.get("content-length");
        return length == null ? rest() : exactly(number(length, 10));
    }

    private byte[] chunks() throws IOException, InterruptedException {
        var body = new ByteArrayOutputStream();
        while (true) {
            var size = number(line().split(";", 2)[0], HEX);
            if (size == 0) {
                headers();
                return body.toByteArray();
            }
            bounded(body.size() + (long) size);
            body.writeBytes(exactly(size));
            line();
        }
    }

    private byte[] exactly(int length) throws IOException, InterruptedException {
        var bytes = new byte[bounded(length)];
        for (var at = 0; at < length; ) {
            if (!fill()) {
                throw new EOFException("the answer ended after " + at + " of " + length + " bytes");
            }
            var count = Math.min(buffer.remaining(), length - at);
            buffer.get(bytes, at, count);
            at += count;
        }
        return bytes;
    }

    private byte[] rest() throws IOException, InterruptedException {
        var body = new ByteArrayOutputStream();
        while (fill()) {
            bounded(body.size() + (long) buffer.remaining());
            body.write(buffer.array(), buffer.position(), buffer.remaining());
            buffer.position(buffer.limit());
        }
        return body.toByteArray();
    }

    private Map<String, String> headers() throws IOException, InterruptedException {
        Map<String, String> headers = new HashMap<>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var parts = line.split(":", 2);
            if (parts.length == 2) {
                headers.put(parts[0].strip().toLowerCase(Locale.ROOT), parts[1].strip());
            }
        }
        return headers;
    }

    private String line() throws IOException, InterruptedException {
        var line = new StringBuilder();
        while (true) {
            if (!fill()) {
                throw new EOFException("the answer ended in its head");
            }
            if (++headBytes > LONGEST_HEAD) {
                throw new ProtocolException("the answer's head is longer than " + LONGEST_HEAD + " bytes");
            }
            var character = (char) (buffer.get() & 0xff);
            if (character == '\n') {
                return line.toString().stripTrailing();
            }
            line.append(character);
        }
    }

    /** @return whether there is something in the buffer; there is not at the end */
    private boolean fill() throws IOException, InterruptedException {
        if (buffer.hasRemaining()) {
            return true;
        }
        buffer.clear();
        try {
            return channel.read(buffer) > 0;
        } finally {
            buffer.flip();
        }
    }

    private static int status(String line) throws ProtocolException {
        var words = line.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new ProtocolException("the answer is no HTTP/1.1");
        }
        return number(words[1], 10);
    }

    private static int number(String text, int radix) throws ProtocolException {
        try {
            return Integer.parseUnsignedInt(text.strip(), radix) & Integer.MAX_VALUE;
        } catch (NumberFormatException e) {
            throw (ProtocolException) new ProtocolException("the answer has no number where one belongs").initCause(e);
        }
    }

    private static int bounded(long length) throws ProtocolException {
        if (length > LONGEST_BODY) {
            throw new ProtocolException("the answer is longer than " + LONGEST_BODY + " bytes");
        }
        return (int) length;
    }
}
