package dev.snapfork.chaos;

import dev.snapfork.api.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Takes the broker away for a while, then PostgreSQL, then both, and looks at what callers see: the catalogue can be read as long
 * as PostgreSQL is there, and what cannot be done is refused as 503 with a time to come back, within the API's own deadline.
 */
final class Outages implements Disturbance {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration CALM = Duration.ofSeconds(10);
    /** A request that was under way when something went away may fail at once or wait for the limit of a call. */
    private static final int REFUSED = 503;

    private final Cluster cluster;
    private final ApiClient api;
    private final Journal journal;
    private final Duration length;

    /** @param length how long each is away */
    Outages(Cluster cluster, ApiClient api, Journal journal, Duration length) {
        this.cluster = cluster;
        this.api = api;
        this.journal = journal;
        this.length = length;
    }

    @Override
    public void run() {
        for (var away : List.of(Set.of("broker"), Set.of("postgres"), Set.of("broker", "postgres"))) {
            Waiting.pause(CALM);
            takeAway(away);
        }
        Waiting.pause(CALM);
    }

    private void takeAway(Set<String> names) {
        var victims = cluster.victims().stream()
                .filter(victim -> names.contains(victim.name()))
                .toList();
        try {
            for (var victim : victims) {
                cluster.bury(victim);
                journal.count("kill SIGKILL " + victim.name());
            }
        } catch (IOException e) {
            journal.violation("could not take away " + names + ": " + e);
        }
        var end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - end < 0) {
            look(names);
            Waiting.pause(LOOK_EVERY);
        }
        victims.forEach(cluster::revive);
        Waiting.until("the catalogue can be read after " + names, () -> status("/snapshots") == 200);
    }

    private void look(Set<String> away) {
        var status = status("/snapshots");
        journal.count("read without " + away + " " + status);
        if (status != (away.contains("postgres") ? REFUSED : 200)) {
            journal.violation("without " + away + " the list was answered with " + status);
        }
    }

    /** 0 if there was no answer. */
    private int status(String path) {
        try {
            var answer = api.get(path);
            if (answer.status() == REFUSED && answer.header("Retry-After") == null) {
                journal.violation("503 without Retry-After: " + answer.body());
            }
            return answer.status();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }
}
