package dev.snapfork.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Kills and stops processes at random times. Each comes back a little later, if it has not by itself. */
final class Killer {
    private static final int LONGEST_REST_MILLIS = 3_200;
    private static final int LONGEST_DEATH_MILLIS = 2_500;
    /** Longer than a session with the broker lasts, so that partitions go elsewhere meanwhile. */
    private static final int LONGEST_STANDSTILL_MILLIS = 16_000;

    private static final double STOPPED = 0.35;

    private final Cluster cluster;
    private final Journal journal;
    private final SplittableRandom random;
    private final List<Victim> lots;

    Killer(Cluster cluster, Journal journal, long seed) {
        this.cluster = cluster;
        this.journal = journal;
        this.random = new SplittableRandom(seed);
        // services more often than what they rest on
        this.lots = cluster.victims().stream()
                .flatMap(victim -> java.util.Collections.nCopies(
                        victim.name().startsWith("worker") ? 5 : victim instanceof ServiceVictim ? 3 : 2, victim)
                        .stream())
                .toList();
    }

    /** Goes on until it is over; returns when everybody that stood still goes on. */
    void run(BooleanSupplier over) throws InterruptedException {
        try (var returns = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("returns-", 0).factory())) {
            while (!over.getAsBoolean()) {
                Waiting.pause(Duration.ofMillis(300 + random.nextInt(LONGEST_REST_MILLIS)));
                var victim = lots.get(random.nextInt(lots.size()));
                if (victim.isAlive()) {
                    strike(victim, returns);
                }
            }
            returns.shutdown();
            if (!returns.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new AssertionError("somebody does not come back");
            }
        }
    }

    private void strike(Victim victim, ExecutorService returns) {
        var stopped = random.nextDouble() < STOPPED;
        var millis = random.nextInt(stopped ? LONGEST_STANDSTILL_MILLIS : LONGEST_DEATH_MILLIS);
        try {
            if (stopped) {
                victim.pause();
                journal.count("kill SIGSTOP " + victim.name());
            } else {
                cluster.bury(victim);
                journal.count("kill SIGKILL " + victim.name());
            }
        } catch (IOException e) {
            journal.violation("could not strike " + victim.name() + ": " + e);
        }
        returns.execute(() -> {
            Waiting.pause(Duration.ofMillis(millis));
            try {
                victim.resume();
            } catch (IOException e) {
                journal.violation("could not let go on " + victim.name() + ": " + e);
            }
            cluster.revive(victim);
        });
    }
}
