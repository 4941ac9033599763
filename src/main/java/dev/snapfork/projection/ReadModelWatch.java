package dev.snapfork.projection;

import dev.snapfork.instance.InstanceState;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.DeadLetterViews;
import dev.snapfork.view.LastKnown;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Counts what an operator wants to know of, for the metrics' page, and forgets dead letters when their topic has. */
@ApplicationScoped
class ReadModelWatch {
    private static final Logger LOG = Logger.getLogger(ReadModelWatch.class);
    private static final Duration COUNT_EVERY = Duration.ofSeconds(5);
    private static final Duration FORGET_EVERY = Duration.ofHours(1);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final AtomicLong openLetters = new AtomicLong();
    private final AtomicLong damagedSnapshots = new AtomicLong();
    private volatile Map<String, Long> instances = Map.of();
    private final SnapforkConfig config;
    private final DeadLetterViews letters;
    private final LastKnown lastKnown;
    private final MeterRegistry meters;
    private final Vertx vertx;
    private final Clock clock;
    private long counting;
    private long forgetting;

    ReadModelWatch(
            SnapforkConfig config,
            DeadLetterViews letters,
            LastKnown lastKnown,
            MeterRegistry meters,
            Vertx vertx,
            Clock clock) {
        this.config = config;
        this.letters = letters;
        this.lastKnown = lastKnown;
        this.meters = meters;
        this.vertx = vertx;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (!config.roles().contains(SnapforkConfig.Role.PROJECTION)) {
            return;
        }
        Gauge.builder("snapfork.dead.letters.open", openLetters, AtomicLong::doubleValue)
                .description("dead letters that nobody has retried or discarded")
                .register(meters);
        Gauge.builder("snapfork.snapshots.damaged", damagedSnapshots, AtomicLong::doubleValue)
                .description("snapshots that are known to be damaged")
                .register(meters);
        for (var state : InstanceState.values()) {
            Gauge.builder("snapfork.instances", this, watch -> watch.instances.getOrDefault(state.text(), 0L))
                    .description("instances that there are")
                    .tag("state", state.text())
                    .register(meters);
        }
        counting = vertx.setPeriodic(COUNT_EVERY.toMillis(), id -> {
            ask(letters.open(), openLetters::set);
            ask(lastKnown.damagedSnapshots(), damagedSnapshots::set);
            ask(lastKnown.instancesByState(), found -> instances = found);
        });
        forgetting = vertx.setPeriodic(
                FORGET_EVERY.toMillis(),
                id -> ask(
                        letters.forgetBefore(
                                clock.instant().minus(config.topics().commandRetention())),
                        done -> {}));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(counting);
        vertx.cancelTimer(forgetting);
    }

    private static <T> void ask(Uni<T> question, Consumer<T> answer) {
        question.ifNoItem()
                .after(LIMIT)
                .fail()
                .subscribe()
                .with(answer, failure -> LOG.debugf(failure, "could not look after the read model"));
    }
}
