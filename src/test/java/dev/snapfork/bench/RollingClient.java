package dev.snapfork.bench;

import dev.snapfork.api.Answer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes snapshots of an instance of its own, compresses, forks, reads, lists and deletes them, through a balancer, as SDKs do. */
final class RollingClient {
    private static final int KEEP_ONE_IN = 3;
    private static final int ATTEMPTS = 60;

    private final Balancer balancer;
    private final RollingTally tally;
    private final String instance;
    private final List<String> kept = new ArrayList<>();
    private int count;

    RollingClient(Balancer balancer, RollingTally tally, String instance) {
        this.balancer = balancer;
        this.tally = tally;
        this.instance = instance;
    }

    /** Snapshots that were acknowledged and never deleted; to be asked when {@link #run} has ended. */
    List<String> kept() {
        return kept;
    }

    void run(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            post("/instances/" + instance + "/snapshots", "{\"kind\":\"Standby\"}", 201)
                    .ifPresent(made -> use(made.id()));
        }
    }

    private void use(String snapshot) {
        var path = "/snapshots/" + snapshot;
        count++;
        get(path);
        var fork = post(
                path + "/fork",
                "{\"name\":\"fork-%s-%d\",\"target_state\":\"Standby\"}".formatted(instance, count),
                201);
        post(path + "/compress", "{\"algorithm\":\"zstd\",\"level\":1}", 200);
        get("/snapshots?limit=20&source_instance_id=" + instance);
        fork.ifPresent(made -> {
            get("/instances/" + made.id());
            call("DELETE", "/instances/" + made.id(), null, 204);
        });
        if (count % KEEP_ONE_IN == 0) {
            kept.add(snapshot);
        } else {
            call("DELETE", path, null, 204);
        }
    }

    private void get(String path) {
        call("GET", path, null, 200);
    }

    private Optional<Answer> post(String path, String body, int expected) {
        return call("POST", path, body, expected);
    }

    /** Asks, and again when it is told to; empty if it has failed, which is on record then. */
    private Optional<Answer> call(String method, String path, @Nullable String body, int expected) {
        var what = method + " " + path;
        var key = UUID.randomUUID().toString();
        var start = System.nanoTime();
        try {
            for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
                var answer = send(method, path, body, key);
                if (answer.status() == expected || (method.equals("DELETE") && attempt > 0 && answer.status() == 404)) {
                    return Optional.of(answer);
                }
                var pause = Optional.ofNullable(answer.header("Retry-After"));
                if (pause.isEmpty() || !isPostponed(answer, attempt)) {
                    tally.failed(what + " was answered with " + answer.status() + " " + answer.body());
                    return Optional.empty();
                }
                tally.postponed();
                LockSupport.parkNanos(Long.parseLong(pause.get()) * 1_000_000_000);
            }
            tally.failed(what + " was told to come again " + ATTEMPTS + " times");
        } catch (UncheckedIOException e) {
            tally.failed(what + " had no answer: " + e.getCause());
        } catch (AssertionError | IllegalStateException e) {
            tally.failed(what + ": " + e.getMessage());
        } finally {
            tally.waited(Stopwatch.since(start), what);
        }
        return Optional.empty();
    }

    /** A command that went on when its call was ended is still in work when its key comes again. */
    private static boolean isPostponed(Answer answer, int attempt) {
        return switch (answer.status()) {
            case 429, 503 -> true;
            case 409 -> attempt > 0 && answer.text("code").equals("operation_in_progress");
            default -> false;
        };
    }

    private Answer send(String method, String path, @Nullable String body, String key) {
        tally.sent();
        var replica = balancer.next();
        return switch (method) {
            case "GET" -> replica.get(path);
            case "DELETE" -> replica.delete(path);
            default -> replica.post(path, String.valueOf(body), "Idempotency-Key", key);
        };
    }
}
