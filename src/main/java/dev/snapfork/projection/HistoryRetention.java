package dev.snapfork.projection;

import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.SnapshotEvents;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps the snapshots' histories as long as the event log keeps every event, and no longer. */
@ApplicationScoped
class HistoryRetention {
    private static final Logger LOG = Logger.getLogger(HistoryRetention.class);
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int AT_ONCE = 5000;

    private final SnapshotEvents events;
    private final boolean projects;
    private final Duration kept;
    private final Clock clock;
    private @Nullable Cancellable timer;

    HistoryRetention(SnapshotEvents events, SnapforkConfig config, Clock clock) {
        this.events = events;
        this.projects = config.roles().contains(SnapforkConfig.Role.PROJECTION);
        this.kept = config.topics().eventHistory();
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (projects) {
            timer = Multi.createFrom()
                    .ticks()
                    .every(EVERY)
                    .onOverflow()
                    .drop()
                    .onItem()
                    .transformToUniAndConcatenate(tick -> forget())
                    .subscribe()
                    .with(done -> {});
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** In small steps, so that nobody waits for it; what a failure leaves is forgotten the next time. */
    Uni<Integer> forget() {
        return step().onItem()
                .transformToUni(
                        forgotten -> forgotten < AT_ONCE ? Uni.createFrom().item(forgotten) : forget())
                .onFailure()
                .invoke(failure -> LOG.warnf("old events are not forgotten yet: %s", failure.toString()))
                .onFailure()
                .recoverWithItem(0);
    }

    private Uni<Integer> step() {
        return events.forget(clock.instant().minus(kept), AT_ONCE)
                .ifNoItem()
                .after(LIMIT)
                .fail();
    }
}
