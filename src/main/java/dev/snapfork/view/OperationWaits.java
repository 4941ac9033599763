package dev.snapfork.view;

import dev.snapfork.view.OperationViews.Result;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Lets callers wait until an operation can be read, or has settled. Notices of the projection end the wait at once; as one may be
 * lost with its connection, what is waited for is also looked up every second.
 */
@ApplicationScoped
public class OperationWaits {
    private static final Logger LOG = Logger.getLogger(OperationWaits.class);

    private record Waiting(Predicate<Result> enough, Notice.Kind notice, UniEmitter<? super Result> emitter) {}

    private final ConcurrentMap<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final OperationLookup operations;

    OperationWaits(OperationLookup operations) {
        this.operations = operations;
    }

    /** Registers before {@code start} is subscribed to, so that no notice is missed; one wait an operation. */
    public Uni<Result> untilSettled(String operation, Uni<Void> start, Duration limit) {
        return until(operation, result -> result.operation().status().settled(), Notice.Kind.SETTLED, start, limit);
    }

    /** As {@link #untilSettled}, but satisfied as soon as the operation can be read. */
    public Uni<Result> untilKnown(String operation, Uni<Void> start, Duration limit) {
        return until(operation, result -> true, Notice.Kind.ACCEPTED, start, limit);
    }

    private Uni<Result> until(
            String operation, Predicate<Result> enough, Notice.Kind notice, Uni<Void> start, Duration limit) {
        return Uni.createFrom()
                .<Result>emitter(emitter -> {
                    waiting.put(operation, new Waiting(enough, notice, emitter));
                    start.subscribe().with(done -> {}, emitter::fail);
                })
                .ifNoItem()
                .after(limit)
                .fail()
                .onTermination()
                .invoke(() -> waiting.remove(operation));
    }

    void hear(Notice notice) {
        var wanted = notice.operations().stream()
                .filter(id -> {
                    var wait = waiting.get(id);
                    return wait != null && (wait.notice() == notice.kind() || notice.kind() == Notice.Kind.SETTLED);
                })
                .toList();
        lookUp(wanted);
    }

    void lookUpAll() {
        lookUp(List.copyOf(waiting.keySet()));
    }

    private void lookUp(Collection<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        operations
                .among(ids)
                .subscribe()
                .with(
                        results -> results.forEach(this::offer),
                        failure -> LOG.debugf(failure, "could not look up %d operations waited for", ids.size()));
    }

    private void offer(Result result) {
        var wait = waiting.get(result.operation().id().value());
        if (wait != null && wait.enough().test(result)) {
            wait.emitter().complete(result);
        }
    }
}
