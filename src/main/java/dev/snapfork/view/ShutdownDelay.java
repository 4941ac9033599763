package dev.snapfork.view;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Tells when an orderly stop begins to drain. In the delay before it the process says that it is not ready and does everything that
 * it is asked all the same, since load balancers are still hearing of it.
 */
@ApplicationScoped
class ShutdownDelay {
    private final Vertx vertx;
    private final Event<DrainBegun> begun;
    private final Duration delay;

    /** @param delay as Quarkus has it; zero unless somebody sets it */
    ShutdownDelay(
            Vertx vertx,
            Event<DrainBegun> begun,
            @ConfigProperty(name = "quarkus.shutdown.delay") Optional<Duration> delay) {
        this.vertx = vertx;
        this.begun = begun;
        this.delay = delay.orElse(Duration.ZERO);
    }

    void begin(@Observes ShutdownDelayInitiatedEvent event) {
        if (delay.isPositive()) {
            // on another thread, as the one that stops the process sleeps until then
            vertx.setTimer(delay.toMillis(), fired -> begun.fire(new DrainBegun()));
        } else {
            begun.fire(new DrainBegun());
        }
    }
}
