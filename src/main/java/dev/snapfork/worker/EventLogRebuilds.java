package dev.snapfork.worker;

import dev.snapfork.command.RebuildRequests;
import dev.snapfork.operation.Cuid;
import dev.snapfork.platform.SnapforkConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Looks every second whether somebody wants the event log made anew. One worker does it: it has to say again and again that it
 * still is at it, or another begins anew.
 */
@ApplicationScoped
class EventLogRebuilds {
    private static final Logger LOG = Logger.getLogger(EventLogRebuilds.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration RENEW_EVERY = Duration.ofSeconds(5);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("event-log-rebuild").factory());
    private final RebuildRequests requests;
    private final EventLogRebuild rebuild;
    private final Patience patience;
    private final SnapforkConfig config;
    private final String name;
    private long renewed;

    EventLogRebuilds(
            RebuildRequests requests,
            EventLogRebuild rebuild,
            Patience patience,
            SnapforkConfig config,
            RandomGenerator random) {
        this.requests = requests;
        this.rebuild = rebuild;
        this.patience = patience;
        this.config = config;
        this.name = Cuid.random(random);
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(SnapforkConfig.Role.WORKER)) {
            var unused = thread.scheduleWithFixedDelay(
                    this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        thread.shutdownNow();
        if (!thread.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the rebuild of the event log did not stop in time");
        }
    }

    private void look() {
        try {
            var asked =
                    requests.claim(name, LEASE).await().atMost(config.worker().attemptLimit());
            asked.ifPresent(this::follow);
        } catch (RuntimeException e) {
            LOG.debugf("could not look whether the event log is to be made anew: %s", e.toString());
        }
    }

    private void follow(long asked) {
        renewed = System.nanoTime();
        LOG.infof("making the event log anew: epoch=%d", asked);
        try {
            var done = rebuild.run(this::keep);
            requests.complete(name, asked).await().atMost(config.worker().attemptLimit());
            LOG.infof(
                    "made the event log anew: epoch=%d aggregates=%d deletions=%d ends=%d",
                    asked, done.aggregates(), done.deletions(), done.ends());
        } catch (Patience.StoppingException e) {
            LOG.debug("stopped before the event log was made anew");
        } catch (IOException | RuntimeException e) {
            LOG.warnf("the event log was not made anew, trying again: %s", e.toString());
        }
    }

    private void keep() {
        if (patience.stopping()) {
            throw new Patience.StoppingException();
        }
        if (System.nanoTime() - renewed > RENEW_EVERY.toNanos()) {
            var kept =
                    requests.claim(name, LEASE).await().atMost(config.worker().attemptLimit());
            if (kept.isEmpty()) {
                throw new IllegalStateException("another worker has taken it over");
            }
            renewed = System.nanoTime();
        }
    }
}
