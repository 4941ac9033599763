package dev.snapfork.platform;

import dev.snapfork.operation.RefusedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns everything that goes wrong into an error body; what a client sent never comes back as a 500. */
class ErrorAnswers {
    private static final Logger LOG = Logger.getLogger(ErrorAnswers.class);

    @ServerExceptionMapper
    Response refused(RefusedException e) {
        return ApiError.refusal(e.refusal());
    }

    @ServerExceptionMapper
    Response badRequest(BadRequestException e) {
        return new ApiError(ApiError.BAD_REQUEST, e.explanation(), e.details())
                .response(400)
                .build();
    }

    @ServerExceptionMapper
    Response http(WebApplicationException e) {
        var status = e.getResponse().getStatus();
        var reason = Response.Status.fromStatusCode(status);
        var code = reason == null ? "Error" : reason.getReasonPhrase();
        var answer = ApiError.of(code, explain(status, e)).response(status);
        var allow = e.getResponse().getHeaderString("Allow");
        return allow == null ? answer.build() : answer.header("Allow", allow).build();
    }

    private static String explain(int status, WebApplicationException e) {
        return switch (status) {
            case 404 -> "there is no such route: see /openapi for those there are";
            case 405 -> "this route does not have that method: see /openapi for those it has";
            case 406 -> "only application/json can be answered with";
            case 415 -> "send the body as application/json";
            default -> e.getMessage() == null ? "the request cannot be served" : e.getMessage();
        };
    }

    @ServerExceptionMapper
    Response surprise(Throwable e) {
        var reference = UUID.randomUUID();
        LOG.errorf(e, "a request failed unexpectedly; its caller was told reference %s", reference);
        return ApiError.response(
                500, "Internal Server Error", "unexpected failure; the service's log has it as " + reference);
    }
}
