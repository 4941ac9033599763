package dev.snapfork.rest;

import dev.snapfork.operation.OperationId;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.OperationLookup;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * About how many operations of all processes have not ended: counted in the read model every second, and on top this process's own
 * commands that are not yet to be seen there. A bound on it is passed by what other processes accept before it is to be seen, and
 * by no more.
 */
@ApplicationScoped
class OpenOperations {
    private static final Duration COUNT_EVERY = Duration.ofSeconds(1);
    private static final Duration DATABASE_LIMIT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final OperationLookup operations;
    private final MeterRegistry meters;
    private final AtomicBoolean counting = new AtomicBoolean();
    private final AtomicInteger since = new AtomicInteger();
    private final int most;
    private final boolean api;
    private volatile int counted;
    private volatile @Nullable OperationId last;
    private long timer;

    OpenOperations(Vertx vertx, OperationLookup operations, MeterRegistry meters, SnapforkConfig config) {
        this.vertx = vertx;
        this.operations = operations;
        this.meters = meters;
        this.most = config.api().maxOpenOperations();
        this.api = config.roles().contains(SnapforkConfig.Role.API);
    }

    void start(@Observes StartupEvent event) {
        if (api && most > 0) {
            Gauge.builder("snapfork.operations.open", this, open -> open.counted + open.since.get())
                    .description("operations of all processes that have not ended, counted up to the bound")
                    .register(meters);
            timer = vertx.setPeriodic(COUNT_EVERY.toMillis(), id -> count());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    int most() {
        return most;
    }

    boolean areTooMany() {
        return most > 0 && counted + since.get() >= most;
    }

    /** A command is in the log. */
    void published(OperationId operation) {
        since.incrementAndGet();
        last = operation;
    }

    /** While PostgreSQL is away the last count stands; while the projection is, what was published since is kept on top. */
    private void count() {
        if (!counting.compareAndSet(false, true)) {
            return;
        }
        var before = since.get();
        operations
                .open(most, last)
                .ifNoItem()
                .after(DATABASE_LIMIT)
                .fail()
                .invoke(found -> {
                    counted = found.open();
                    if (found.upTo()) {
                        since.addAndGet(-before);
                    }
                })
                .onFailure()
                .recoverWithNull()
                .subscribe()
                .with(done -> counting.set(false));
    }
}
