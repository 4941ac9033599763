package dev.snapfork.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Refusal;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of every answer that is no success, and its headers. */
public record ApiError(
        String code,
        String message,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Detail> details) {
    public static final String BAD_REQUEST = "Bad Request";
    public static final String TOO_MANY_REQUESTS = "too_many_requests";
    public static final String SHOULD_RETRY = "x-should-retry";
    public static final String RETRY_AFTER = "Retry-After";

    /** One of several things that are wrong. */
    public record Detail(String code, String message) {}

    public static ApiError of(String code, String message) {
        return new ApiError(code, message, List.of());
    }

    public static Response response(int status, String code, String message) {
        return of(code, message).response(status).build();
    }

    /** The answer to a token that lacks the scope. */
    public static Response missingScope(@Nullable String scope) {
        return response(403, "Forbidden", "missing required scope: " + scope);
    }

    public Response.ResponseBuilder response(int status) {
        return Response.status(status).type(MediaType.APPLICATION_JSON).entity(WireJson.text(this));
    }

    /** The answer to what the domain refuses; clients are told not to try again what would be refused again. */
    public static Response refusal(Refusal refusal) {
        var status = status(refusal);
        var response = of(refusal.code().text(), refusal.message()).response(status);
        if (status == 409 || status >= 500) {
            response.header(SHOULD_RETRY, "false");
        }
        return response.build();
    }

    private static int status(Refusal refusal) {
        return switch (refusal.code()) {
            case INVALID_REQUEST, INVALID_SNAPSHOT_COMPRESSION, INVALID_SNAPSHOT_POLICY, INVALID_COMPRESSION_DELAY ->
                400;
            case NOT_FOUND -> 404;
            case AMBIGUOUS,
                    CONFLICT,
                    NAME_CONFLICT,
                    INVALID_STATE,
                    INSUFFICIENT_RESOURCES,
                    SNAPSHOT_DAMAGED,
                    CANCELLED -> 409;
            case NOT_SUPPORTED -> 501;
            case INTERNAL_ERROR -> 500;
        };
    }
}
