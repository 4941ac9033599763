package dev.snapfork.chaos;

import dev.snapfork.api.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes the broker away for a while, then PostgreSQL, which also stands still for a while, then both, and looks at what callers
 * see: the catalogue can be read as long as PostgreSQL is there, and what cannot be done is refused as 503 with a time to come
 * back, within the API's own deadline.
 */
final class Outages implements Disturbance {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** More than the deadline of reads, since the machine is busy. */
    private static final Duration SLOWEST = Duration.ofSeconds(30);

    private static final Duration CALM = Duration.ofSeconds(10);
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

    /** @param still whether they stand still, instead of being dead */
    private record Absence(Set<String> names, boolean still) {
        @Override
        public String toString() {
            return String.join(" and ", new TreeSet<>(names)) + (still ? " standing still" : " away");
        }
    }

    private static final List<Absence> ABSENCES = List.of(
            new Absence(Set.of("broker"), false),
            new Absence(Set.of("postgres"), false),
            new Absence(Set.of("postgres"), true),
            new Absence(Set.of("broker", "postgres"), false));

    @Override
    public void run() {
        for (var absence : ABSENCES) {
            Waiting.pause(CALM);
            takeAway(absence);
        }
        Waiting.pause(CALM);
    }

    private void takeAway(Absence absence) {
        var victims = cluster.victims().stream()
                .filter(victim -> absence.names().contains(victim.name()))
                .toList();
        try {
            for (var victim : victims) {
                if (absence.still()) {
                    victim.pause();
                } else {
                    cluster.bury(victim);
                }
                journal.count("kill " + (absence.still() ? "SIGSTOP " : "SIGKILL ") + victim.name());
            }
            var end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() - end < 0) {
                look(absence);
                Waiting.pause(LOOK_EVERY);
            }
            for (var victim : victims) {
                victim.resume();
            }
        } catch (IOException e) {
            journal.violation("could not have " + absence + ": " + e);
        }
        victims.forEach(cluster::revive);
        Waiting.until("the catalogue can be read after " + absence, () -> status("/snapshots") == 200);
    }

    private void look(Absence absence) {
        var begun = System.nanoTime();
        var status = status("/snapshots");
        journal.count("read with " + absence + ": " + status);
        if (status != (absence.names().contains("postgres") ? REFUSED : 200)) {
            journal.violation("with " + absence + " the list was answered with " + status);
        }
        if (System.nanoTime() - begun > SLOWEST.toNanos()) {
            journal.violation("with " + absence + " the list was answered late");
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
        } catch (AssertionError e) {
            journal.violation("an answer that breaks the contract: " + e.getMessage());
            return -1;
        }
    }
}
