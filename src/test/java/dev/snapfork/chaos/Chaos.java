package dev.snapfork.chaos;

import dev.snapfork.api.ApiClient;
import dev.snapfork.api.Guests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A run: load and what disturbs it side by side, then everything is healed and inspected. */
final class Chaos {
    private static final int CALLERS = 4;

    private Chaos() {}

    /**
     * What came of it.
     *
     * @param violations empty if every promise was kept
     */
    record Report(long seed, long kills, List<String> violations, String table) {}

    /** What disturbs a cluster that is under load. */
    interface Plan {
        Disturbance of(Cluster cluster, ApiClient api, Journal journal);
    }

    /** Kills at random; see {@link #run(Path, Plan, long)}. */
    static Report kills(Path home, Duration duration, long seed) throws IOException, InterruptedException {
        return run(home, (cluster, api, journal) -> new Killer(cluster, journal, duration, seed), seed);
    }

    /** Has the broker, PostgreSQL and both away for so long each; see {@link #run(Path, Plan, long)}. */
    static Report outages(Path home, Duration length, long seed) throws IOException, InterruptedException {
        return run(home, (cluster, api, journal) -> new Outages(cluster, api, journal, length), seed);
    }

    /** @param home is made, and left to the caller to delete */
    private static Report run(Path home, Plan plan, long seed) throws IOException, InterruptedException {
        var journal = new Journal();
        try (var cluster = Cluster.start(home)) {
            var over = new AtomicBoolean();
            var client = ApiClient.at(cluster.base());
            var api = new Persistent(client, journal);
            var callers = new ArrayList<Caller>();
            for (var number = 0; number < CALLERS; number++) {
                callers.add(
                        new Caller("c" + number, api, new Guests(cluster.data(), client), journal, seed * 31 + number));
            }
            try (var threads = Executors.newFixedThreadPool(CALLERS)) {
                callers.forEach(caller -> threads.execute(() -> caller.run(over::get)));
                disturb(plan.of(cluster, client, journal), journal);
                over.set(true);
                heal(cluster, journal);
                threads.shutdown();
                if (!threads.awaitTermination(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    journal.violation("a request is still open");
                    threads.shutdownNow();
                }
            }
            try {
                new Inspection(cluster, api, journal).run(callers);
                new Followed(cluster, api, journal).check();
            } catch (AssertionError e) {
                journal.violation(String.valueOf(e.getMessage()));
            }
        }
        return new Report(seed, journal.counted("kill "), journal.violations(), journal.table());
    }

    /** What does not come back is a finding; what it left is inspected all the same. */
    private static void disturb(Disturbance disturbance, Journal journal) throws InterruptedException {
        try {
            disturbance.run();
        } catch (AssertionError e) {
            journal.violation(String.valueOf(e.getMessage()));
        }
    }

    private static void heal(Cluster cluster, Journal journal) throws IOException {
        try {
            cluster.heal();
        } catch (AssertionError e) {
            journal.violation(String.valueOf(e.getMessage()));
        }
    }
}
