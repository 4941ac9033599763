package dev.snapfork.platform;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Ends connections with their next answer from the moment on that the process is told to stop. A load balancer keeps to those that it
 * has open, however long it has known that the process is not ready, and the listener's end would break them between two requests.
 */
@ApplicationScoped
class ConnectionDrain {
    private volatile boolean stopping;

    void stop(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
    }

    /** Has the answer to this request say that it is the connection's last, if the process is stopping by then. */
    void register(RoutingContext context) {
        // of HTTP/2 the server tells it by itself, once it drains
        if (context.request().version() != HttpVersion.HTTP_2) {
            context.addHeadersEndHandler(ended -> sayIt(context));
        }
    }

    private void sayIt(RoutingContext context) {
        if (stopping) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            context.addEndHandler(answered -> {
                var unused = context.request().connection().close();
            });
        }
    }
}
