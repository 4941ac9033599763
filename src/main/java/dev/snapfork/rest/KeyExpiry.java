package dev.snapfork.rest;

import dev.snapfork.platform.SnapforkConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Removes keys that have expired, a bounded number at a time, in every process that serves the API. */
@ApplicationScoped
class KeyExpiry {
    private static final Logger LOG = Logger.getLogger(KeyExpiry.class);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
    private static final Duration BATCH_LIMIT = Duration.ofSeconds(30);
    private static final int AT_ONCE = 1_000;

    private final Vertx vertx;
    private final IdempotencyKeys keys;
    private final Clock clock;
    private final Duration keep;
    private final boolean api;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile boolean stopping;
    private long timer;

    KeyExpiry(Vertx vertx, IdempotencyKeys keys, Clock clock, SnapforkConfig config) {
        this.vertx = vertx;
        this.keys = keys;
        this.clock = clock;
        this.keep = Repeats.keep(config);
        this.api = config.roles().contains(SnapforkConfig.Role.API);
    }

    void start(@Observes StartupEvent event) {
        if (api) {
            timer = vertx.setPeriodic(SWEEP_EVERY.toMillis(), id -> sweep());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        vertx.cancelTimer(timer);
    }

    private void sweep() {
        if (sweeping.compareAndSet(false, true)) {
            forgetExpired()
                    .onFailure()
                    .invoke(failure -> LOG.debugf("expired keys are left for the next sweep: %s", failure.toString()))
                    .onFailure()
                    .recoverWithNull()
                    .subscribe()
                    .with(done -> sweeping.set(false));
        }
    }

    /** One batch after the other until none is left. */
    Uni<Void> forgetExpired() {
        return keys.forgetBefore(clock.instant().minus(keep), AT_ONCE)
                .ifNoItem()
                .after(BATCH_LIMIT)
                .fail()
                .chain(forgotten ->
                        forgotten < AT_ONCE || stopping ? Uni.createFrom().voidItem() : forgetExpired());
    }
}
