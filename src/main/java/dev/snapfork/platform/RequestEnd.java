package dev.snapfork.platform;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells when a request is over. The router's own end handlers do not do for that alone: where an answer fails because its client has left,
 * they may never be called, and whatever they were to give back would be lost with each such client.
 */
public final class RequestEnd {
    private RequestEnd() {}

    /**
     * Has the action done once: when the request was answered, or its connection has ended, or at once if it has already. To be called on
     * the connection's thread, where the action is done as well.
     */
    public static void of(RoutingContext request, Runnable action) {
        var over = new AtomicBoolean();
        Runnable once = () -> {
            if (over.compareAndSet(false, true)) {
                action.run();
            }
        };
        if (request.request().connection() instanceof ConnectionBase connection) {
            var closed = connection.channel().closeFuture();
            GenericFutureListener<Future<Void>> listener = ended -> once.run();
            // a connection may live for many requests
            request.addEndHandler(ended -> closed.removeListener(listener));
            closed.addListener(listener);
        }
        request.addEndHandler(ended -> once.run());
    }
}
