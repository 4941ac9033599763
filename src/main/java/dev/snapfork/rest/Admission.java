package dev.snapfork.rest;

import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.rest.Unanswered.Reason;
import dev.snapfork.view.OperationWaits;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Lets as many calls in as this process may have waiting, and none while all processes together have too much to do. */
@Startup
@ApplicationScoped
class Admission {
    /** What the publisher of commands holds for Kafka; one more would be an error, and no refusal. */
    private static final int PUBLISHER_HOLDS = 4096;

    private final OperationWaits waits;
    private final OpenOperations open;
    private final AtomicInteger inside = new AtomicInteger();
    private final int most;

    Admission(OperationWaits waits, OpenOperations open, SnapforkConfig config) {
        this.waits = waits;
        this.open = open;
        this.most = config.api().maxWaiting();
        if (most < 1 || most > PUBLISHER_HOLDS) {
            throw new IllegalArgumentException(
                    "snapfork.api.max-waiting must be between 1 and " + PUBLISHER_HOLDS + ", got " + most);
        }
    }

    /** Makes the call if it may be made; else fails with {@link Unanswered}, and nothing was done. */
    <T> Uni<T> enter(Supplier<Uni<T>> call) {
        return Uni.createFrom().deferred(() -> {
            if (waits.stopping()) {
                return refused(Reason.NOT_BEGUN, "this process stops: send it to another, nothing was done");
            }
            if (open.areTooMany()) {
                return refused(
                        Reason.OVERLOADED,
                        "more than " + open.most()
                                + " operations have not ended: send it again later, nothing was done");
            }
            if (inside.incrementAndGet() > most) {
                inside.decrementAndGet();
                return refused(
                        Reason.OVERLOADED,
                        "more than " + most
                                + " calls wait for their commands here: send it again later, nothing was done");
            }
            var left = new AtomicBoolean();
            return Uni.createFrom().<T>deferred(call::get).onTermination().invoke(() -> {
                if (left.compareAndSet(false, true)) {
                    inside.decrementAndGet();
                }
            });
        });
    }

    private static <T> Uni<T> refused(Reason reason, String message) {
        return Uni.createFrom().failure(new Unanswered(reason, null, message));
    }
}
