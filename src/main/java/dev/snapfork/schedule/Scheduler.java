package dev.snapfork.schedule;

import dev.snapfork.platform.SnapforkConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Looks after the schedules every second, in processes that play the role. Any number of them may. */
@ApplicationScoped
class Scheduler {
    private static final Logger LOG = Logger.getLogger(Scheduler.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration TIDY_EVERY = Duration.ofHours(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("scheduler").factory());
    private final SnapforkConfig config;
    private final Look look;
    private final Turns turns;

    Scheduler(SnapforkConfig config, Look look, Turns turns) {
        this.config = config;
        this.look = look;
        this.turns = turns;
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(SnapforkConfig.Role.SCHEDULER)) {
            repeat("look after the schedules", look::around, LOOK_EVERY);
            repeat("tidy up after schedules", turns::tidy, TIDY_EVERY);
        }
    }

    private void repeat(String what, Runnable step, Duration pause) {
        Runnable guarded = () -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                LOG.warnf("could not %s: %s", what, e.toString());
            }
        };
        var unused = thread.scheduleWithFixedDelay(guarded, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        thread.shutdownNow();
        if (!thread.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the scheduler did not stop in time");
        }
    }
}
