package dev.snapfork.worker;

import dev.snapfork.instance.InstanceId;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.snapshot.ScheduleId;
import dev.snapfork.snapshot.SnapshotId;
import dev.snapfork.worker.OvertakenAggregates.Overtaken;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells again what a late record of an older version stands behind, so that the last record of each aggregate, which compaction
 * keeps, is the newest. Any number of workers may do it at once.
 */
@ApplicationScoped
class LateRecords {
    private static final Logger LOG = Logger.getLogger(LateRecords.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("late-records").factory());
    private final OvertakenAggregates overtaken;
    private final CurrentEvents current;
    private final Patience patience;
    private final SnapforkConfig config;

    LateRecords(OvertakenAggregates overtaken, CurrentEvents current, Patience patience, SnapforkConfig config) {
        this.overtaken = overtaken;
        this.current = current;
        this.patience = patience;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(SnapforkConfig.Role.WORKER)) {
            var unused = thread.scheduleWithFixedDelay(
                    this::guarded, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        thread.shutdownNow();
        if (!thread.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("telling again what was overtaken did not stop in time");
        }
    }

    private void guarded() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.debugf("could not look for what was overtaken, trying again: %s", e.toString());
        }
    }

    /** Looks at all that are noted; what cannot be told now stays noted. */
    void look() {
        for (var page = overtaken.after("");
                !page.isEmpty() && !patience.stopping();
                page = overtaken.after(page.getLast().id())) {
            for (var each : page) {
                tell(each);
            }
        }
    }

    private void tell(Overtaken each) {
        try {
            // what is neither there nor shown as deleted is just being deleted: its deletion comes last anyway
            if (!patience.stopping() && toldAgain(each)) {
                overtaken.toldAgain(each);
                LOG.infof("told again, since an older version came late: aggregate=%s at=%d", each.id(), each.at());
            }
        } catch (RuntimeException e) {
            LOG.warnf("not told again yet: aggregate=%s reason=%s", each.id(), e.toString());
        }
    }

    private boolean toldAgain(Overtaken each) {
        return switch (each.kind()) {
            case SNAPSHOT -> current.tell(new SnapshotId(each.id()));
            case INSTANCE -> current.tell(new InstanceId(each.id()));
            case SCHEDULE -> current.tell(new ScheduleId(each.id()), new InstanceId(each.place()));
            case FINDING -> {
                if (!current.tellFinding(each.place())) {
                    current.forget(each.id());
                }
                yield true;
            }
            case DELETED -> {
                current.forget(each.id());
                yield true;
            }
        };
    }
}
