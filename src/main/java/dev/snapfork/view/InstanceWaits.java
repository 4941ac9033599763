package dev.snapfork.view;

import dev.snapfork.instance.Instance;
import dev.snapfork.instance.InstanceId;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Lets callers wait until an instance is as they want it. All that are waited for are looked up together: when the projection says that
 * commands have ended, and every second, as notices may be lost and machines die without a command. All waits end when the process is
 * told to stop.
 *
 * <p>How many may wait is for the callers to bound.
 */
@ApplicationScoped
public class InstanceWaits {
    private static final Logger LOG = Logger.getLogger(InstanceWaits.class);
    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(5);

    private record Waiting(InstanceId id, Predicate<Instance> enough, UniEmitter<? super Instance> emitter) {}

    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean lookingUp = new AtomicBoolean();
    private final AtomicBoolean heardMeanwhile = new AtomicBoolean();
    private final InstanceViews instances;
    private volatile boolean stopping;

    InstanceWaits(InstanceViews instances) {
        this.instances = instances;
    }

    /**
     * Waits; looks at once, as the instance may have changed since its caller looked.
     *
     * @return fails with {@code not_found} when the instance is no more, {@link OperationWaits.StoppingException} or, past the limit,
     *     {@link io.smallrye.mutiny.TimeoutException}
     */
    public Uni<Instance> until(InstanceId id, Predicate<Instance> enough, Duration limit) {
        return Uni.createFrom()
                .<Instance>emitter(emitter -> {
                    var wait = new Waiting(id, enough, emitter);
                    waiting.add(wait);
                    emitter.onTermination(() -> waiting.remove(wait));
                    if (stopping) {
                        // whoever ended all waits may have looked before this one was there
                        emitter.fail(new OperationWaits.StoppingException());
                    } else {
                        lookUp();
                    }
                })
                .ifNoItem()
                .after(limit)
                .fail();
    }

    void stopEarly(@Observes DrainBegun event) {
        stop();
    }

    void stop(@Observes ShutdownEvent event) {
        stop();
    }

    private void stop() {
        stopping = true;
        waiting.forEach(wait -> wait.emitter().fail(new OperationWaits.StoppingException()));
    }

    /** A command that was accepted has changed nothing yet. */
    void hear(Notice notice) {
        if (notice.kind() == Notice.Kind.SETTLED) {
            lookUp();
        }
    }

    /** One look at a time, however much is heard: what is heard meanwhile, or who comes meanwhile, is looked up after it. */
    void lookUp() {
        if (waiting.isEmpty()) {
            return;
        }
        if (!lookingUp.compareAndSet(false, true)) {
            heardMeanwhile.set(true);
            return;
        }
        heardMeanwhile.set(false);
        var ids = Set.copyOf(waiting.stream().map(wait -> wait.id().value()).toList());
        instances
                .among(ids)
                .ifNoItem()
                .after(LOOKUP_LIMIT)
                .fail()
                .subscribe()
                .with(
                        found -> {
                            offer(ids, found);
                            lookingUp.set(false);
                            if (heardMeanwhile.get()) {
                                lookUp();
                            }
                        },
                        failure -> {
                            // the next look is a second away: PostgreSQL that does not answer shall not be asked ever
                            // more
                            LOG.debugf(failure, "could not look up %d instances waited for", ids.size());
                            lookingUp.set(false);
                        });
    }

    private void offer(Set<String> asked, Map<String, Instance> found) {
        for (var wait : waiting) {
            var id = wait.id().value();
            var instance = found.get(id);
            if (instance != null && wait.enough().test(instance)) {
                wait.emitter().complete(instance);
            } else if (instance == null && asked.contains(id)) {
                wait.emitter().fail(InstanceViews.notFound(id));
            }
        }
    }
}
