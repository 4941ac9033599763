package dev.snapfork.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A request that somebody could send. Its texts are bytes, one a character.
 *
 * @param what why it is sent
 * @param target path and query
 * @param wanted how it may be answered
 */
record Probe(String what, String method, String target, List<Header> headers, String body, Wanted wanted) {
    record Header(String name, String value) {}

    /** What the service owes the sender. */
    enum Wanted {
        /** Anything but a failure of its own. */
        NO_FAILURE,
        /** A refusal: it would be wrong to do it. */
        REFUSAL,
        /** 400: it does not follow the document. */
        BAD_REQUEST,
        /** 404: nothing can have that name. */
        NOT_FOUND,
        /** 405: the route does not have the method. */
        METHOD_NOT_ALLOWED,
        /** 413: no request needs to be so large. */
        TOO_LARGE,
        /** 415: the body does not say that it is JSON. */
        UNSUPPORTED_MEDIA_TYPE
    }

    Probe {
        headers = List.copyOf(headers);
    }

    Probe because(String reason, Wanted result) {
        return new Probe(reason, method, target, headers, body, result);
    }

    Probe method(String other) {
        return new Probe(what, other, target, headers, body, wanted);
    }

    Probe target(String other) {
        return new Probe(what, method, other, headers, body, wanted);
    }

    Probe body(String other) {
        return new Probe(what, method, target, headers, other, wanted);
    }

    Probe with(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Probe(what, method, target, more, body, wanted);
    }

    Probe without(String name) {
        var fewer = headers.stream()
                .filter(header -> !header.name().equalsIgnoreCase(name))
                .toList();
        return new Probe(what, method, target, fewer, body, wanted);
    }

    /** The request as it goes over the wire; says how long its body is, and that no other request follows. */
    byte[] bytes() {
        var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        headers.forEach(header ->
                head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        if (!body.isEmpty() || method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return (head + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A command that sends the same; the body goes to a file. */
    String curl(String base, Path directory) {
        var command = new StringBuilder("curl -i --globoff --path-as-is -X " + quoted(method));
        headers.forEach(header -> command.append(" -H ").append(quoted(header.name() + ": " + header.value())));
        if (!body.isEmpty()) {
            command.append(" --data-binary @").append(file(directory));
        }
        return command.append(' ').append(quoted(base + target)).toString();
    }

    private Path file(Path directory) {
        try {
            var file = Files.createDirectories(directory)
                    .resolve("body-" + Integer.toHexString((what + target).hashCode()));
            return Files.write(file, body.getBytes(StandardCharsets.ISO_8859_1)).toAbsolutePath();
        } catch (IOException e) {
            return directory.resolve("could-not-be-written");
        }
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    @Override
    public String toString() {
        return what + ": " + method + " " + (target.length() > 200 ? target.substring(0, 200) + "…" : target);
    }
}
