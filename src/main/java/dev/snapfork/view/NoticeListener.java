package dev.snapfork.view;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Keeps one connection that hears the projection's notices; it comes back by itself when PostgreSQL was away. */
@ApplicationScoped
class NoticeListener {
    private static final Duration RECONNECT_AFTER = Duration.ofMillis(500);
    private static final Duration LOOK_UP_EVERY = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final OperationWaits waits;
    private final InstanceWaits instances;
    private final PgSubscriber subscriber;
    private long timer;

    NoticeListener(
            Vertx vertx,
            OperationWaits waits,
            InstanceWaits instances,
            Faults faults,
            @ConfigProperty(name = "quarkus.datasource.reactive.url") String url,
            @ConfigProperty(name = "quarkus.datasource.username") String username,
            @ConfigProperty(name = "quarkus.datasource.password") String password) {
        this.vertx = vertx;
        this.waits = waits;
        this.instances = instances;
        var options = PgConnectOptions.fromUri(url.replaceFirst("^vertx-reactive:", ""))
                .setUser(username)
                .setPassword(password);
        subscriber = PgSubscriber.subscriber(vertx, options).reconnectPolicy(attempt -> RECONNECT_AFTER.toMillis());
        subscriber.channel(Notice.CHANNEL).handler(text -> {
            faults.passed(Step.NOTICE_HEARD);
            var notice = Notice.parse(text);
            waits.hear(notice);
            instances.hear(notice);
        });
    }

    void start(@Observes StartupEvent event) {
        subscriber.connect();
        timer = vertx.setPeriodic(LOOK_UP_EVERY.toMillis(), id -> {
            waits.lookUpAll();
            instances.lookUp();
        });
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
        subscriber.close();
    }
}
