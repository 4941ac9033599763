package dev.snapfork.platform;

import dev.snapfork.operation.RefusedException;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns everything that goes wrong into an error body; what a client sent never comes back as a 500. */
class ErrorAnswers {
    private static final Logger LOG = Logger.getLogger(ErrorAnswers.class);

    private static final Duration OUTAGE_TOLD_EVERY = Duration.ofSeconds(1);

    private final DescribedMethods described;
    private final CurrentVertxRequest current;
    /** While the database is away there is a reason for a line with each request. */
    private final Sparingly outages = new Sparingly(OUTAGE_TOLD_EVERY, System::nanoTime);

    ErrorAnswers(DescribedMethods described, CurrentVertxRequest current) {
        this.described = described;
        this.current = current;
    }

    @ServerExceptionMapper
    Response refused(RefusedException e) {
        return ApiError.refusal(e.refusal());
    }

    @ServerExceptionMapper
    Response badRequest(BadRequestException e) {
        return new ApiError(e.code(), e.explanation(), e.details())
                .response(400)
                .build();
    }

    @ServerExceptionMapper
    Response http(WebApplicationException e, UriInfo uri) {
        if (e.getResponse().hasEntity()) {
            // one who knew better what to say
            return e.getResponse();
        }
        var status = e.getResponse().getStatus();
        var reason = Response.Status.fromStatusCode(status);
        var code = reason == null ? "Error" : reason.getReasonPhrase();
        var answer = ApiError.of(code, explain(status, e)).response(status);
        return status == 405
                ? answer.header(HttpHeaders.ALLOW, described.of(uri.getPath())).build()
                : answer.build();
    }

    private static String explain(int status, WebApplicationException e) {
        return switch (status) {
            case 400 -> said(e).orElse("a header of the request cannot be read: Content-Type or Accept, for instance");
            case 404 -> "there is no such route: see /openapi for those there are";
            case 405 -> "this route does not have that method: see /openapi for those it has";
            case 406 -> "this cannot be answered with what Accept asks for: /openapi says what each route answers with";
            case 415 -> "send the body as application/json";
            default -> said(e).orElse("the request cannot be served");
        };
    }

    /** Its message, if that is more than the status in words. */
    private static Optional<String> said(WebApplicationException e) {
        return Optional.ofNullable(e.getMessage()).filter(message -> !message.startsWith("HTTP "));
    }

    @ServerExceptionMapper
    Response surprise(Throwable e) {
        if (BrokenConnection.isBehind(e, current.getCurrent())) {
            // most likely its failing is what failed: nobody is to be told, and it is no outage of anything
            LOG.debug("a client has left before it was answered", e);
            return ApiError.of("unavailable", "the connection has ended")
                    .response(503)
                    .build();
        }
        if (DatabaseOutage.isBehind(e)) {
            outages.next()
                    .ifPresent(leftOut -> LOG.warnf(
                            "a request could not be answered, as PostgreSQL is away: %s; %d more since this was last said",
                            e.toString(), leftOut));
            return ApiError.of("unavailable", "the catalogue's database does not answer: try again a little later")
                    .response(503)
                    .header(ApiError.RETRY_AFTER, 2)
                    .build();
        }
        var reference = UUID.randomUUID();
        LOG.errorf(e, "a request failed unexpectedly; its caller was told reference %s", reference);
        return ApiError.response(
                500, "Internal Server Error", "unexpected failure; the service's log has it as " + reference);
    }
}
