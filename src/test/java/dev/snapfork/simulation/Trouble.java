package dev.snapfork.simulation;

import dev.snapfork.fault.Step;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kills processes and has them stand still, most of all where that may do harm. */
final class Trouble {
    /** After these something may have changed on disk. */
    private static final Set<String> CHANGING = Stream.of(
                    Step.COMPRESSION_BEGUN,
                    Step.RENAMED,
                    Step.EXCHANGED,
                    Step.MEMORY_ANNOUNCED,
                    Step.MEMORY_RENAMED,
                    Step.MANIFEST_SWAPPED,
                    Step.TRASHED,
                    Step.COMMITTED,
                    Step.STAGING_EMPTIED,
                    Step.TRASH_EMPTIED,
                    Step.DISK_REMOVE)
            .map(Step::text)
            .collect(Collectors.toUnmodifiableSet());

    /** Before these something is ready that somebody else may do first. */
    private static final Set<String> PENDING = Stream.of(
                    Step.COMMAND_BEGUN, Step.NAME_CLAIMED, Step.MEMORY_COMPRESSED, Step.STAGED, Step.DISK_RENAME)
            .map(Step::text)
            .collect(Collectors.toUnmodifiableSet());
    /** How much more likely trouble is at such a step than at another. */
    private static final int GRAVE = 5;

    private static final int LONGEST_STOP_MILLIS = 30_000;

    private final Scheduler scheduler;
    private int deathsLeft;

    /** @param deaths how many processes may be killed in all */
    Trouble(Scheduler scheduler, int deaths) {
        this.scheduler = scheduler;
        this.deathsLeft = deaths;
    }

    /** Whether something may have changed on disk with that step. */
    static boolean isChange(String step) {
        return CHANGING.contains(step);
    }

    void stepped(Machine machine, String step, Weather weather) {
        var gravity = CHANGING.contains(step) || PENDING.contains(step) ? GRAVE : 1;
        if (deathsLeft > 0 && scheduler.chance(gravity * weather.death())) {
            deathsLeft--;
            scheduler.doom(machine);
        } else if (scheduler.chance(gravity * weather.stop())) {
            var millis = scheduler.random().nextInt(LONGEST_STOP_MILLIS);
            scheduler.trace().add(machine.name(), "STOPPED for " + millis + " ms");
            machine.standStill(scheduler.nanos() + Duration.ofMillis(millis).toNanos());
        }
    }
}
