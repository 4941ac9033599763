package dev.snapfork.platform;

import dev.snapfork.log.WireJson;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The first to see a request. Refuses bodies that say they are too large with an error body, before the HTTP server does so
 * without one; a body that does not say its size is cut off at the server's own limit. Refuses paths that cannot be decoded and
 * bodies in a coding that is not read. Refuses requests beyond what the process
 * may take on, before anything of their bodies is read, and cuts off those whose bodies do not arrive.
 */
@ApplicationScoped
class RequestGate {
    /** No body of the API comes near it: fifty tags of the largest size are 20 KiB. */
    private static final long MAX_BODY_BYTES = 256 * 1024;

    private static final Duration BODY_LIMIT = Duration.ofSeconds(30);

    private static final String SEEN = RequestGate.class.getName();

    private final Vertx vertx;
    private final ConnectionDrain connections;
    private final RequestLoad load;

    RequestGate(Vertx vertx, ConnectionDrain connections, SnapforkConfig config) {
        this.vertx = vertx;
        this.connections = connections;
        var api = config.api();
        this.load = new RequestLoad(api.maxRequests(), api.maxBodyBytes().bytes());
    }

    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::check).failureHandler(RequestGate::refuseUnrouted);
    }

    /** What the router refuses before it asks any handler would be answered without a body, or with one of another form. */
    private static void refuseUnrouted(RoutingContext context) {
        if (context.<Boolean>get(SEEN) != null || context.response().ended()) {
            context.next();
        } else if (context.statusCode() == 404) {
            refuse(context, 404, "Not Found", "the request's target does not start with a slash, as paths do");
        } else {
            refuse(
                    context,
                    400,
                    ApiError.BAD_REQUEST,
                    "the header Host is missing or cannot be read: send one, with a name or an address and perhaps a port");
        }
    }

    private void check(RoutingContext context) {
        context.put(SEEN, true);
        RequestIds.begin(context);
        connections.register(context);
        BrokenConnection.note(context);
        if (declaredLength(context).orElse(0) > MAX_BODY_BYTES) {
            refuse(context, 413, "Request Entity Too Large", "the body has more than " + MAX_BODY_BYTES + " bytes");
            return;
        }
        if (!isReadable(context.request())) {
            refuse(
                    context,
                    400,
                    ApiError.BAD_REQUEST,
                    "the path or query cannot be read: it starts with one slash, and what has a meaning in a URL or is no ASCII "
                            + "is written as a percent sign and two hexadecimal digits");
            return;
        }
        if (isEncoded(context)) {
            refuse(
                    context,
                    415,
                    "Unsupported Media Type",
                    "bodies with a Content-Encoding are not read: send the JSON as it is, without that header");
            return;
        }
        if (isAboutTheProcess(context.normalizedPath())) {
            context.next();
            return;
        }
        var body = bodyBytes(context);
        if (load.enter(body)) {
            RequestEnd.of(context, () -> load.leave(body));
            if (body > 0) {
                endIfTheBodyDoesNotCome(context);
            }
            context.next();
        } else {
            context.response().putHeader(ApiError.RETRY_AFTER, "1");
            refuse(
                    context,
                    429,
                    ApiError.TOO_MANY_REQUESTS,
                    "this process has as many requests in work as it takes on: send it again later, nothing was done");
        }
    }

    /** Whether everything behind this can take it apart. */
    private static boolean isReadable(HttpServerRequest request) {
        try {
            var path = new URI(request.uri()).getRawPath();
            return path != null && path.startsWith("/");
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isEncoded(RoutingContext context) {
        return context.request().headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
                .anyMatch(coding -> !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity"));
    }

    /** An overloaded process has to tell that it lives, or it is killed for it. */
    private static boolean isAboutTheProcess(String path) {
        return path.startsWith("/q/") || path.equals("/health");
    }

    private void endIfTheBodyDoesNotCome(RoutingContext context) {
        var request = context.request();
        var timer = vertx.setTimer(BODY_LIMIT.toMillis(), fired -> {
            if (!request.isEnded()) {
                var unused = request.connection().close();
            }
        });
        context.addEndHandler(ended -> vertx.cancelTimer(timer));
    }

    /** What the body may have at most; nothing is known of one that comes in chunks. */
    private static long bodyBytes(RoutingContext context) {
        var length = declaredLength(context);
        if (length.isPresent()) {
            return length.getAsLong();
        }
        var method = context.request().method();
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || !isChunked(context)
                ? 0
                : MAX_BODY_BYTES;
    }

    private static boolean isChunked(RoutingContext context) {
        return context.request().getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || context.request().version() == HttpVersion.HTTP_2;
    }

    private static OptionalLong declaredLength(RoutingContext context) {
        var length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The connection is given up, since nobody reads what may still come of the body. */
    private static void refuse(RoutingContext context, int status, String code, String message) {
        if (context.request().version() != HttpVersion.HTTP_2) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(WireJson.text(ApiError.of(code, message)));
    }
}
