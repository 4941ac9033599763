package dev.snapfork.api;

import dev.snapfork.contract.OwnContract;
import dev.snapfork.contract.UpstreamContract;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether an answer is one that the sender of an odd request deserves. */
final class Verdict {
    /** What is said of requests before it is clear which operation they mean; the document has it in one place. */
    private static final Set<Integer> OF_ANY_REQUEST = Set.of(400, 404, 405, 406, 413, 414, 415, 417, 431);

    private static final int LONGEST_LINE = 4096 - " PROPFIND HTTP/1.1".length();
    private static final int LONGEST_MESSAGE = 6000;
    /** What a programmer would have said. */
    private static final Pattern INSIDE = Pattern.compile(
            "Exception|\\bjava[x.]|jakarta|dev\\.snapfork\\.(?!Nothing)|com\\.fasterxml|^HTTP \\d|\\bnull\\b pointer|\\bat line: |StreamReadConstraints");

    private Verdict() {}

    /** What is wrong with the answer; empty if nothing is. */
    static Optional<String> on(Probe probe, Wire.Reply reply) {
        try {
            return Optional.ofNullable(wrong(probe, reply));
        } catch (AssertionError | RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static @org.jspecify.annotations.Nullable String wrong(Probe probe, Wire.Reply reply) {
        var status = reply.status();
        if (status < 200) {
            return "no answer";
        }
        var body = reply.body();
        if (status >= 500 && !(status == 501 && body.contains("\"not_supported\""))) {
            return "a failure of the service's own";
        }
        if (!fits(probe.wanted(), status)) {
            return "not " + probe.wanted();
        }
        if (probe.method().equals("HEAD")) {
            return null;
        }
        if (status >= 400) {
            return error(probe, reply);
        }
        var route = Contract.route(probe.method(), probe.target().split("[?#]", 2)[0]);
        if (route.isPresent() && !isElsewhere(probe)) {
            OwnContract.assertResponse(probe.method(), route.get(), status, body);
        }
        return null;
    }

    /** Whether its path means another route than it looks like. */
    private static boolean isElsewhere(Probe probe) {
        return probe.what().startsWith("{") || probe.what().startsWith("an odd way");
    }

    private static boolean fits(Probe.Wanted wanted, int status) {
        return switch (wanted) {
            case NO_FAILURE -> true;
            case REFUSAL -> status >= 400;
            case BAD_REQUEST -> status == 400;
            case NOT_FOUND -> status == 404;
            case METHOD_NOT_ALLOWED -> status == 405;
            case TOO_LARGE -> status == 413;
            case UNSUPPORTED_MEDIA_TYPE -> status == 415;
        };
    }

    /** Whether the HTTP server cannot take it apart, and so refuses it before there is anybody to write a body. */
    private static boolean isNoHttp(Probe probe) {
        return probe.target().length() > LONGEST_LINE
                || probe.target().equals("*")
                || probe.headers().stream()
                        .anyMatch(header -> header.value().chars().anyMatch(c -> c == 127 || (c < 32 && c != '\t')));
    }

    private static @org.jspecify.annotations.Nullable String error(Probe probe, Wire.Reply reply) {
        if (reply.body().isEmpty() && isNoHttp(probe)) {
            return null;
        }
        if (!reply.header("Content-Type").startsWith("application/json")) {
            return "an error of content type " + reply.header("Content-Type");
        }
        UpstreamContract.assertError(reply.body());
        var answer = new Answer(
                reply.status(), java.net.http.HttpHeaders.of(java.util.Map.of(), (a, b) -> true), reply.body());
        var message = answer.text("message");
        if (message.isBlank() || message.equals(answer.text("code")) || message.length() > LONGEST_MESSAGE) {
            return "a message of " + message.length() + " characters that says nothing";
        }
        if (INSIDE.matcher(message).find()) {
            return "a message for programmers";
        }
        if (reply.status() == 405 && !reply.has("Allow")) {
            return "405 without Allow";
        }
        var route = Contract.route(probe.method(), probe.target().split("[?#]", 2)[0]);
        if (route.isPresent() && !OF_ANY_REQUEST.contains(reply.status())) {
            OwnContract.assertResponse(probe.method(), route.get(), reply.status(), reply.body());
        }
        return null;
    }
}
