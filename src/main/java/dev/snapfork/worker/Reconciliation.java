package dev.snapfork.worker;

import dev.snapfork.cache.MemoryCache;
import dev.snapfork.event.Event;
import dev.snapfork.event.EventType;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.store.Finding;
import dev.snapfork.store.InstanceManifest;
import dev.snapfork.store.Leftover;
import dev.snapfork.store.PayloadStore;
import dev.snapfork.store.SnapshotManifest;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Brings the payload store in order when a worker starts, and sweeps it now and then: what another daemon left is adopted, what
 * was deleted or half-made is unlinked once its command has settled.
 */
@ApplicationScoped
class Reconciliation {
    private static final Logger LOG = Logger.getLogger(Reconciliation.class);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(5);
    private static final Duration MEND_EVERY = Duration.ofHours(1);
    /** The second is for what must not wait for a long look at everything. */
    private static final int THREADS = 2;

    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final ScheduledExecutorService thread = Executors.newScheduledThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("reconciliation").factory());
    private final SnapforkConfig config;
    private final PayloadStore store;
    private final Names names;
    private final Announcer announcer;
    private final CompressionRequests compressions;
    private final Mending mending;
    private final ScheduleMending schedules;
    private final Settlements settlements;
    private final MemoryCache cache;
    private final HealthSweep health;
    private final MachineWatch watch;
    private final StandbyCompressions standbys;
    private final Clock clock;

    Reconciliation(
            SnapforkConfig config,
            PayloadStore store,
            Names names,
            Announcer announcer,
            CompressionRequests compressions,
            Mending mending,
            ScheduleMending schedules,
            Settlements settlements,
            MemoryCache cache,
            HealthSweep health,
            MachineWatch watch,
            StandbyCompressions standbys,
            Clock clock) {
        this.config = config;
        this.store = store;
        this.names = names;
        this.announcer = announcer;
        this.compressions = compressions;
        this.mending = mending;
        this.schedules = schedules;
        this.settlements = settlements;
        this.cache = cache;
        this.health = health;
        this.watch = watch;
        this.standbys = standbys;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(SnapforkConfig.Role.WORKER)) {
            every(MEND_EVERY, "reconcile what lies in the data directory", this::reconcile);
            every(SWEEP_EVERY, "sweep the data directory", this::sweep);
            every(config.machines().lookEvery(), "look after machines", this::lookAfterMachines);
        }
    }

    private void every(Duration period, String what, Step step) {
        var unused =
                thread.scheduleWithFixedDelay(() -> guarded(what, step), 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookAfterMachines() throws IOException {
        try {
            watch.look();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        standbys.look();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        thread.shutdownNow();
        if (!thread.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("reconciliation did not stop in time");
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void guarded(String what, Step step) {
        try {
            step.run();
        } catch (Patience.StoppingException e) {
            LOG.debugf("stopped before the end: %s", what);
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "could not %s", what);
        }
    }

    void reconcile() throws IOException {
        var held = mending.heldNames();
        store.adoption().scan(finding -> {
            switch (finding) {
                case Finding.AnInstance(var manifest, var ours) ->
                    guarded("reconcile an instance", () -> {
                        if (ours) {
                            held.note(manifest.instance());
                            mending.mend(manifest);
                        } else {
                            adopt(manifest);
                        }
                    });
                case Finding.ASnapshot(var manifest, var ours) ->
                    guarded("reconcile a snapshot", () -> {
                        if (ours) {
                            held.note(manifest.snapshot());
                            mending.mend(manifest);
                        } else {
                            adopt(manifest);
                        }
                    });
                case Finding.Unreadable(var place, var problem) -> {
                    LOG.errorf("left as it is, since it cannot be read: place=%s problem=%s", place, problem);
                    guarded("write down what cannot be read", () -> health.noteUnreadable(place, problem));
                }
            }
        });
        guarded("claim names again", held::claim);
        mending.tellWhatIsThere();
        schedules.mend();
        mending.freeNames();
    }

    /** The event comes before the manifest: a crash between them leads here again, and the event has the same id. */
    private void adopt(InstanceManifest manifest) throws IOException {
        var instance = manifest.instance();
        claim(NameClaims.INSTANCES, instance.name(), instance.id().value());
        announcer.announceAdoption(
                new Event.InstanceChanged(EventType.INSTANCE_ADOPTED, instance.createdAt(), null, instance, null));
        store.adoption().adopt(instance.id());
        LOG.infof("adopted: instance=%s name=%s", instance.id(), instance.name());
    }

    private void adopt(SnapshotManifest manifest) throws IOException {
        var snapshot = manifest.snapshot();
        if (snapshot.name() != null) {
            claim(
                    snapshot.sourceInstanceId().value(),
                    snapshot.name(),
                    snapshot.id().value());
        }
        announcer.announceAdoption(
                new Event.SnapshotChanged(EventType.SNAPSHOT_ADOPTED, snapshot.createdAt(), null, snapshot));
        compressions.requestIfWanted(
                manifest, CompressionRequests.adoptionOf(snapshot.id().value()));
        store.adoption().adopt(snapshot.id());
        LOG.infof("adopted: snapshot=%s", snapshot.id());
    }

    private void claim(String scope, String name, String owner) {
        if (!names.adopt(scope, name, owner, CompressionRequests.adoptionOf(owner))) {
            LOG.warnf("two that were adopted have one name, find them by id: name=%s id=%s", name, owner);
        }
    }

    void sweep() throws IOException {
        for (var leftover : settled(store.staging().entries())) {
            store.staging().discard(leftover.operation());
        }
        for (var leftover : settled(store.trash().entries())) {
            mending.finishDelete(leftover.operation());
            store.trash().empty(leftover.operation());
        }
        store.trash().reserve().keep();
        store.schedules().sweep(oldest(), this::hasToldOfItself);
        // another worker may have deleted a snapshot whose memory this one keeps
        cache.sweep(snapshot -> Files.exists(store.layout().snapshot(snapshot)));
        health.sweep();
        settlements.forgetBefore(oldest());
    }

    /** What failed is still to be mended. */
    private boolean hasToldOfItself(OperationId operation) {
        return settlements
                .find(operation)
                .filter(end -> end.outcome().status() != OperationStatus.FAILED)
                .isPresent();
    }

    private Instant oldest() {
        return clock.instant().minus(config.topics().commandRetention());
    }

    /** What belongs to commands that can still come again stays: it is how they find out how far they had come. */
    private List<Leftover> settled(List<Leftover> leftovers) {
        var oldest = oldest();
        return leftovers.stream()
                .filter(leftover -> leftover.lastChange().isBefore(oldest)
                        || settlements.find(leftover.operation()).isPresent())
                .toList();
    }
}
