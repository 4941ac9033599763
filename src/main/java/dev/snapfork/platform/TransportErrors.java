package dev.snapfork.platform;

import dev.snapfork.log.WireJson;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Gives error bodies to what the HTTP server refuses before any route has seen it. */
@ApplicationScoped
class TransportErrors {
    private static final Map<Integer, String> EXPLANATIONS = Map.of(
            400, "the request line or a header cannot be read: check the path's percent-encoding",
            404, "there is no such route: see /openapi for those there are",
            413, "the body is larger than this service takes",
            414, "the path and query are longer than this service takes",
            431, "the headers are longer than this service takes");

    void register(@Observes Router router) {
        EXPLANATIONS.forEach(
                (status, explanation) -> router.errorHandler(status, request -> answer(request, status, explanation)));
    }

    private static void answer(RoutingContext request, int status, String explanation) {
        var response = request.response();
        if (response.ended()) {
            return;
        }
        if (!response.headWritten()) {
            response.setStatusCode(status).putHeader("Content-Type", "application/json");
        }
        response.end(
                WireJson.text(ApiError.of(Response.Status.fromStatusCode(status).getReasonPhrase(), explanation)));
    }
}
