package dev.snapfork.worker;

import dev.snapfork.command.CancelRequests;
import dev.snapfork.platform.SnapforkConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Keeps one connection that hears of requests to cancel; it comes back by itself when PostgreSQL was away. */
@ApplicationScoped
class CancelListener {
    private static final Duration RECONNECT_AFTER = Duration.ofMillis(500);

    private final PgSubscriber subscriber;
    private final boolean worker;

    CancelListener(
            Vertx vertx,
            CancelDesk desk,
            SnapforkConfig config,
            @ConfigProperty(name = "quarkus.datasource.reactive.url") String url,
            @ConfigProperty(name = "quarkus.datasource.username") String username,
            @ConfigProperty(name = "quarkus.datasource.password") String password) {
        worker = config.roles().contains(SnapforkConfig.Role.WORKER);
        var options = PgConnectOptions.fromUri(url.replaceFirst("^vertx-reactive:", ""))
                .setUser(username)
                .setPassword(password);
        subscriber = PgSubscriber.subscriber(vertx, options).reconnectPolicy(attempt -> RECONNECT_AFTER.toMillis());
        subscriber.channel(CancelRequests.CHANNEL).handler(operation -> desk.ring());
    }

    void start(@Observes StartupEvent event) {
        if (worker) {
            subscriber.connect();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        subscriber.close();
    }
}
