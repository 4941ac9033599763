package dev.snapfork.view;

import dev.snapfork.view.OperationViews.Result;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers wait until an operation can be read, or has settled. Notices of the projection end the wait at once; as one may be
 * lost with its connection, what is waited for is also looked up every second. All waits end when the process is told to stop.
 *
 * <p>How many may wait is for the callers to bound.
 */
@ApplicationScoped
public class OperationWaits {
    private static final Logger LOG = Logger.getLogger(OperationWaits.class);
    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(5);

    private record Waiting(Predicate<Result> enough, Notice.Kind notice, UniEmitter<? super Result> emitter) {}

    /** The process stops; the operation goes on. */
    public static final class StoppingException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppingException() {
            super("the process stops", null, false, false);
        }
    }

    private final ConcurrentMap<String, List<Waiting>> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean lookingUpAll = new AtomicBoolean();
    private final OperationLookup operations;
    private volatile boolean stopping;

    OperationWaits(OperationLookup operations) {
        this.operations = operations;
    }

    /**
     * Registers before {@code start} is subscribed to, so that no notice is missed.
     *
     * @return fails with what {@code start} fails with, {@link StoppingException} or, past the limit, {@link
     *     io.smallrye.mutiny.TimeoutException}
     */
    public Uni<Result> untilSettled(String operation, Uni<Void> start, Duration limit) {
        return until(operation, result -> result.operation().status().settled(), Notice.Kind.SETTLED, start, limit);
    }

    /** As {@link #untilSettled}, but satisfied as soon as the operation can be read. */
    public Uni<Result> untilKnown(String operation, Uni<Void> start, Duration limit) {
        return until(operation, result -> true, Notice.Kind.ACCEPTED, start, limit);
    }

    /** Whether the process was told to stop: nothing new is to be begun. */
    public boolean stopping() {
        return stopping;
    }

    void stopEarly(@Observes DrainBegun event) {
        stop();
    }

    void stop(@Observes ShutdownEvent event) {
        stop();
    }

    private void stop() {
        stopping = true;
        waiting.values().stream().flatMap(List::stream).forEach(wait -> wait.emitter()
                .fail(new StoppingException()));
    }

    private Uni<Result> until(
            String operation, Predicate<Result> enough, Notice.Kind notice, Uni<Void> start, Duration limit) {
        return Uni.createFrom()
                .<Result>emitter(emitter -> {
                    var wait = new Waiting(enough, notice, emitter);
                    add(operation, wait);
                    emitter.onTermination(() -> remove(operation, wait));
                    if (stopping) {
                        // whoever ended all waits may have looked before this one was there
                        emitter.fail(new StoppingException());
                    } else {
                        start.subscribe().with(done -> {}, emitter::fail);
                    }
                })
                .ifNoItem()
                .after(limit)
                .fail();
    }

    private void add(String operation, Waiting wait) {
        waiting.merge(operation, List.of(wait), (before, added) -> Stream.concat(before.stream(), added.stream())
                .toList());
    }

    private void remove(String operation, Waiting wait) {
        waiting.computeIfPresent(operation, (id, all) -> without(all, wait));
    }

    private static @Nullable List<Waiting> without(List<Waiting> all, Waiting wait) {
        var others = all.stream().filter(other -> !other.equals(wait)).toList();
        return others.isEmpty() ? null : others;
    }

    void hear(Notice notice) {
        var wanted = notice.operations().stream()
                .filter(id -> waiting.getOrDefault(id, List.of()).stream()
                        .anyMatch(wait -> wait.notice() == notice.kind() || notice.kind() == Notice.Kind.SETTLED))
                .toList();
        lookUp(wanted).subscribe().with(done -> {});
    }

    /** Does nothing while the last time is not over: PostgreSQL that does not answer shall not be asked ever more. */
    void lookUpAll() {
        if (lookingUpAll.compareAndSet(false, true)) {
            lookUp(List.copyOf(waiting.keySet())).subscribe().with(done -> lookingUpAll.set(false));
        }
    }

    private Uni<Void> lookUp(Collection<String> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return operations
                .among(ids)
                .ifNoItem()
                .after(LOOKUP_LIMIT)
                .fail()
                .invoke(results -> results.forEach(this::offer))
                .onFailure()
                .invoke(failure -> LOG.debugf(failure, "could not look up %d operations waited for", ids.size()))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private void offer(Result result) {
        waiting.getOrDefault(result.operation().id().value(), List.of()).stream()
                .filter(wait -> wait.enough().test(result))
                .forEach(wait -> wait.emitter().complete(result));
    }
}
