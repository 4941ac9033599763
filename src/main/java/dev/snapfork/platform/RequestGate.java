package dev.snapfork.platform;

import dev.snapfork.log.WireJson;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.OptionalLong;

/**
 * Refuses bodies that say they are too large with an error body, before the HTTP server does so without one. A body that does
 * not say its size is cut off at the server's own limit.
 */
@ApplicationScoped
class RequestGate {
    /** No body of the API comes near it: fifty tags of the largest size are 20 KiB. */
    private static final long MAX_BODY_BYTES = 256 * 1024;

    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(RequestGate::check);
    }

    private static void check(RoutingContext context) {
        if (declaredLength(context).orElse(0) > MAX_BODY_BYTES) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            refuse(context, 413, "Request Entity Too Large", "the body has more than " + MAX_BODY_BYTES + " bytes");
        } else {
            context.next();
        }
    }

    private static OptionalLong declaredLength(RoutingContext context) {
        var length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static void refuse(RoutingContext context, int status, String code, String message) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(WireJson.text(ApiError.of(code, message)));
    }
}
