package dev.snapfork.worker;

import dev.snapfork.event.EventPublisher;
import dev.snapfork.health.Health;
import dev.snapfork.operation.OperationId;
import dev.snapfork.snapshot.Snapshot;
import dev.snapfork.store.HealthRecords.Entry;
import dev.snapfork.store.PayloadStore;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes down what was found out about snapshots and instances, and tells it; as a manifest, each record is its own outbox. */
@ApplicationScoped
class HealthLedger {
    private static final Logger LOG = Logger.getLogger(HealthLedger.class);

    private final PayloadStore store;
    private final Announcer announcer;
    private final EventPublisher events;
    private final Patience patience;
    private final MeterRegistry meters;

    HealthLedger(
            PayloadStore store, Announcer announcer, EventPublisher events, Patience patience, MeterRegistry meters) {
        this.store = store;
        this.announcer = announcer;
        this.events = events;
        this.patience = patience;
        this.meters = meters;
    }

    /**
     * Records a finding and returns when its event is published.
     *
     * @param problem null if everything is as it should be
     * @param operation the command that came across it; null if none did
     */
    Health found(
            Health.Subject subject, String id, @Nullable String problem, @Nullable OperationId operation, Instant at)
            throws IOException {
        while (true) {
            var known = store.health().find(id);
            known.entry().ifPresent(announcer::announce);
            var next = new Entry(Health.found(subject, id, known.version(), problem, at), operation);
            if (store.health().put(known.version(), next)) {
                announcer.announce(next);
                count(next.health(), known.entry().map(Entry::health).orElse(null));
                return next.health();
            }
        }
    }

    private void count(Health health, @Nullable Health before) {
        meters.counter(
                        "snapfork.health.findings",
                        "subject",
                        health.subject().text(),
                        "state",
                        health.state().text())
                .increment();
        if (health.isDamaged() && (before == null || !before.isDamaged())) {
            LOG.errorf("damaged: %s=%s problem=%s", health.subject().text(), health.id(), health.error());
        } else if (!health.isDamaged() && before != null && before.isDamaged()) {
            LOG.infof("whole again: %s=%s", health.subject().text(), health.id());
        }
    }

    /** The snapshot with the last finding about it, unless it has one already. */
    Snapshot withFindings(Snapshot snapshot) {
        if (snapshot.health() != null) {
            return snapshot;
        }
        try {
            return snapshot.withHealth(store.health()
                    .find(snapshot.id().value())
                    .entry()
                    .map(Entry::health)
                    .orElse(null));
        } catch (IOException e) {
            LOG.warnf("the health of a snapshot is not told: snapshot=%s reason=%s", snapshot.id(), e.toString());
            return snapshot;
        }
    }

    /** Records what a command came across. If that cannot be, the next one who looks comes across it again. */
    void note(DamagedException damage, Work work) {
        try {
            if (damage.isKnown()) {
                store.health().find(damage.id()).entry().ifPresent(announcer::announce);
            } else {
                found(damage.subject(), damage.id(), damage.problem(), work.operation(), work.now());
            }
        } catch (IOException e) {
            LOG.errorf(
                    e,
                    "could not write down that %s %s is damaged",
                    damage.subject().text(),
                    damage.id());
        }
    }

    /** Records that something is damaged, unless just that is on record already. */
    void noteUnlessKnown(Health.Subject subject, String id, String problem, Instant at) throws IOException {
        var known = store.health().find(id).entry();
        if (known.isPresent() && problem.equals(known.get().health().error())) {
            announcer.announce(known.get());
        } else {
            found(subject, id, problem, null, at);
        }
    }

    /** Forgets what was found out about something that is no more. */
    void forget(String id) throws IOException {
        if (store.health().find(id).version() > 0) {
            // first the log: what is left by a crash in between is found by the sweeper
            patience.insist("let findings be forgotten", events.forgetFindings(id));
            store.health().remove(id);
        }
    }
}
