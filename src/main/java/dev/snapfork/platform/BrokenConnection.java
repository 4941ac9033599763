package dev.snapfork.platform;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how a client's connection broke. The same failure then ends the work on its request, and looks like one of a connection to
 * somebody else.
 */
final class BrokenConnection {
    private static final String FAILURE = BrokenConnection.class.getName();

    private BrokenConnection() {}

    /** Listens from now on; to be called on the connection's thread. */
    static void note(RoutingContext request) {
        request.request().connection().exceptionHandler(failure -> request.put(FAILURE, failure));
    }

    /** Whether the request's client has left, or this failure is how it did: what fails once an answer has begun is its being sent. */
    static boolean isBehind(Throwable failure, @Nullable RoutingContext request) {
        return request != null
                && (request.response().closed()
                        || request.response().headWritten()
                        || failure.equals(request.get(FAILURE)));
    }
}
