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

/** A run: load and killer side by side, then everything is healed and inspected. */
final class Chaos {
    private static final int CALLERS = 4;

    private Chaos() {}

    /**
     * What came of it.
     *
     * @param violations empty if every promise was kept
     */
    record Report(long seed, Duration duration, long kills, List<String> violations, String table) {}

    /** @param home is made, and left to the caller to delete */
    static Report run(Path home, Duration duration, long seed) throws IOException, InterruptedException {
        var journal = new Journal();
        try (var cluster = Cluster.start(home)) {
            var end = System.nanoTime() + duration.toNanos();
            var client = ApiClient.at(cluster.base());
            var api = new Persistent(client, journal);
            var callers = new ArrayList<Caller>();
            for (var number = 0; number < CALLERS; number++) {
                callers.add(
                        new Caller("c" + number, api, new Guests(cluster.data(), client), journal, seed * 31 + number));
            }
            try (var threads = Executors.newFixedThreadPool(CALLERS)) {
                callers.forEach(caller -> threads.execute(() -> caller.run(() -> System.nanoTime() - end >= 0)));
                new Killer(cluster, journal, seed).run(() -> System.nanoTime() - end >= 0);
                cluster.heal();
                threads.shutdown();
                if (!threads.awaitTermination(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    journal.violation("a request is still open");
                    threads.shutdownNow();
                }
            }
            new Inspection(cluster, api, journal).run(callers);
        }
        return new Report(seed, duration, journal.counted("kill "), journal.violations(), journal.table());
    }
}
