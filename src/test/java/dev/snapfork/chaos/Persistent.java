package dev.snapfork.chaos;

import dev.snapfork.api.Answer;
import dev.snapfork.api.ApiClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls as a careful client does: with keys, and again until there is an answer that says how it ended. */
final class Persistent {
    private static final Duration REST = Duration.ofMillis(400);

    private final ApiClient api;
    private final Journal journal;

    Persistent(ApiClient api, Journal journal) {
        this.api = api;
        this.journal = journal;
    }

    /** An answer, and whether the request was sent more than once. */
    record Final(Answer answer, boolean resent) {}

    Final post(String path, String body, String key) {
        return until(path, () -> api.post(path, body, "Idempotency-Key", key));
    }

    /** Answers 202 at once. */
    Final postAsync(String path, String body, String key) {
        return until(path, () -> api.post(path, body, "Idempotency-Key", key, "Prefer", "respond-async"));
    }

    Final delete(String path) {
        return until(path, () -> api.delete(path));
    }

    Final get(String path) {
        return until(path, () -> api.get(path));
    }

    /** How the operation ended. */
    Answer settled(String operation) {
        var seen = new Answer[1];
        Waiting.until("settled: " + operation, () -> {
            seen[0] = get("/operations/" + operation).answer();
            return !seen[0].text("status").equals("running")
                    && !seen[0].text("status").equals("accepted");
        });
        return seen[0];
    }

    private Final until(String path, Supplier<Answer> send) {
        var end = System.nanoTime() + Waiting.LIMIT.toNanos();
        for (var resent = false; ; resent = true) {
            var answer = once(path, send);
            answer.flatMap(Persistent::operation).ifPresent(journal::accepted);
            if (answer.isPresent() && isFinal(answer.get())) {
                return new Final(answer.get(), resent);
            }
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("no answer within " + Waiting.LIMIT + " to " + path + ", the last was "
                        + answer.map(Answer::body).orElse("none"));
            }
            Waiting.pause(REST);
        }
    }

    private Optional<Answer> once(String path, Supplier<Answer> send) {
        try {
            var answer = send.get();
            journal.count("answer " + answer.status());
            return Optional.of(answer);
        } catch (UncheckedIOException e) {
            journal.count("answer none");
            return Optional.empty();
        } catch (AssertionError e) {
            journal.violation("an answer that breaks the contract, to " + path + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isFinal(Answer answer) {
        return switch (answer.status()) {
            case 429, 503, 504 -> false;
            case 409 -> !answer.text("code").equals("operation_in_progress");
            default -> true;
        };
    }

    /** Of 503 none is accepted: it says that the log did not confirm the command, which may be in it or not. */
    private static Optional<String> operation(Answer answer) {
        return Optional.ofNullable(answer.status() == 503 ? null : answer.header("Location"))
                .filter(location -> location.startsWith("/operations/"))
                .map(location -> location.substring("/operations/".length()));
    }
}
