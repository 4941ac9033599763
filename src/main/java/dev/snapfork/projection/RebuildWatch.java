package dev.snapfork.projection;

import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.ReadModelWriter;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Starts over from the logs' beginning when a rebuild was asked for; applying old records again does no harm. */
@ApplicationScoped
class RebuildWatch {
    private static final Logger LOG = Logger.getLogger(RebuildWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final AtomicLong seen = new AtomicLong();
    private final SnapforkConfig config;
    private final ReadModelWriter readModel;
    private final KafkaClientService clients;
    private final Vertx vertx;
    private long timer;

    RebuildWatch(SnapforkConfig config, ReadModelWriter readModel, KafkaClientService clients, Vertx vertx) {
        this.config = config;
        this.readModel = readModel;
        this.clients = clients;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(SnapforkConfig.Role.PROJECTION)) {
            timer = vertx.setPeriodic(LOOK_EVERY.toMillis(), id -> look());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void look() {
        readModel
                .epoch()
                .ifNoItem()
                .after(LIMIT)
                .fail()
                .chain(this::follow)
                .subscribe()
                .with(done -> {}, failure -> LOG.debugf(failure, "could not look for a rebuild"));
    }

    private Uni<Void> follow(long epoch) {
        if (seen.compareAndSet(0, epoch) || seen.get() == epoch) {
            return Uni.createFrom().voidItem();
        }
        LOG.infof("rebuilding the read model from the logs: epoch=%d", epoch);
        return clients.<byte[], byte[]>getConsumer("projection")
                .runOnPollingThread(consumer -> {
                    consumer.seekToBeginning(consumer.assignment());
                })
                // not before: a look that fails is followed by another
                .invoke(() -> seen.set(epoch));
    }
}
