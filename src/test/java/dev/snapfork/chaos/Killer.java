package dev.snapfork.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Kills and stops processes at random times. Each comes back a little later. Processes of the service take seconds to start, so they
 * are killed only so often that something is done in between, and stopped the more: for a blink, or for longer than their sessions
 * last.
 */
final class Killer implements Disturbance {
    private static final int LONGEST_REST_MILLIS = 3_000;
    private static final int LONGEST_DEATH_MILLIS = 2_000;
    private static final int LONGEST_BLINK_MILLIS = 1_500;
    /** Longer than a session with the broker lasts, so that partitions go elsewhere meanwhile. */
    private static final int LONGEST_STANDSTILL_MILLIS = 16_000;

    private static final long SERVICE_LIVES_NANOS = Duration.ofSeconds(12).toNanos();
    private static final double KILLED = 0.6;
    private static final double LONG = 0.2;

    private final Cluster cluster;
    private final Journal journal;
    private final SplittableRandom random;
    private final List<Victim> lots;
    private final long end;
    private long serviceKilled = System.nanoTime();

    /** @param duration how long it goes on */
    Killer(Cluster cluster, Journal journal, Duration duration, long seed) {
        this.end = System.nanoTime() + duration.toNanos();
        this.cluster = cluster;
        this.journal = journal;
        this.random = new SplittableRandom(seed);
        this.lots = cluster.victims().stream()
                .flatMap(victim -> Collections.nCopies(lots(victim), victim).stream())
                .toList();
    }

    private static int lots(Victim victim) {
        return switch (victim.name()) {
            case "broker" -> 1;
            case "api", "projection", "postgres", "subscriber" -> 2;
            default -> 4;
        };
    }

    @Override
    public void run() throws InterruptedException {
        try (var returns = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("returns-", 0).factory())) {
            while (System.nanoTime() - end < 0) {
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
        var kills = random.nextDouble() < KILLED;
        var standstill = random.nextDouble() < LONG && victim.name().startsWith("worker")
                ? LONGEST_STANDSTILL_MILLIS
                : LONGEST_BLINK_MILLIS;
        if (kills && victim instanceof ServiceVictim) {
            var now = System.nanoTime();
            kills = now - serviceKilled > SERVICE_LIVES_NANOS;
            serviceKilled = kills ? now : serviceKilled;
        }
        var millis = 1 + random.nextInt(kills ? LONGEST_DEATH_MILLIS : standstill);
        try {
            if (kills) {
                cluster.bury(victim);
            } else {
                victim.pause();
            }
            journal.count("kill " + (kills ? "SIGKILL " : "SIGSTOP ") + victim.name());
        } catch (IOException e) {
            journal.violation("could not strike " + victim.name() + ": " + e);
        }
        returns.execute(() -> bringBack(victim, millis));
    }

    private void bringBack(Victim victim, int millis) {
        Waiting.pause(Duration.ofMillis(millis));
        try {
            victim.resume();
        } catch (IOException e) {
            journal.violation("could not let go on " + victim.name() + ": " + e);
        }
        cluster.revive(victim);
    }
}
