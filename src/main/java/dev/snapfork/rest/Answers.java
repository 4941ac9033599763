package dev.snapfork.rest;

import dev.snapfork.log.WireJson;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.platform.ApiError;
import dev.snapfork.view.OperationViews.Result;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.function.Function;

/** The answers to commands: what was made, as it was when the command settled, or why there is none yet. */
final class Answers {
    private static final String REPLAYED = "Idempotency-Replayed";
    private static final String IN_PROGRESS = "operation_in_progress";
    private static final String UNAVAILABLE = "unavailable";

    private Answers() {}

    static Response createdSnapshot(Result result) {
        return json(201, result.snapshot().orElseThrow());
    }

    static Response createdInstance(Result result) {
        return json(201, result.instance().orElseThrow());
    }

    static Response instance(Result result) {
        return json(200, result.instance().orElseThrow());
    }

    static Response snapshot(Result result) {
        return json(200, result.snapshot().orElseThrow());
    }

    static Response schedule(Result result) {
        return json(200, result.schedule().orElseThrow());
    }

    static Response operation(Operation operation) {
        return json(200, operation);
    }

    static Response noContent() {
        return Response.noContent().build();
    }

    private static Response json(int status, Object body) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(WireJson.text(body))
                .build();
    }

    /** The command has ended. */
    static Response settled(Result result, Function<Result, Response> success) {
        var operation = result.operation();
        return switch (operation.status()) {
            case SUCCEEDED -> success.apply(result);
            case REJECTED, FAILED, CANCELLED -> refused(operation);
            case ACCEPTED, RUNNING -> throw new IllegalStateException("not settled: " + operation.id());
        };
    }

    /** The upstream calls a taken name a bad request where an instance is made of an image, and a conflict everywhere else. */
    private static Response refused(Operation operation) {
        var error = operation.error();
        if (error != null
                && error.code() == RefusalCode.NAME_CONFLICT
                && operation.kind() == OperationKind.CREATE_INSTANCE) {
            return ApiError.response(400, error.code().text(), error.message());
        }
        return ApiError.refusal(
                error == null ? new Refusal(RefusalCode.INTERNAL_ERROR, "the operation gives no reason") : error);
    }

    /** The operation as it was accepted, whatever has come of it since: the same however often it is asked. */
    static Response accepted(Operation operation) {
        return Response.accepted(WireJson.text(operation))
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.LOCATION, location(operation.id()))
                .header(Preferences.APPLIED, Preferences.RESPOND_ASYNC)
                .build();
    }

    static Response timeout(OperationId id) {
        return ApiError.of("timeout", "the command is still in work: follow its operation at " + location(id))
                .response(504)
                .header(HttpHeaders.LOCATION, location(id))
                .header(ApiError.SHOULD_RETRY, "false")
                .build();
    }

    /** Says of an answer that it is an earlier request's; not of one that says that there is none. */
    static Response replayed(Response answer) {
        return answer.getStatus() == 504
                ? answer
                : Response.fromResponse(answer).header(REPLAYED, "true").build();
    }

    /** As for a command, but there is no operation to follow. */
    static Response inProgress(Duration wait) {
        return ApiError.of(
                        IN_PROGRESS,
                        "the first request with this " + IdempotencyKey.HEADER
                                + " is still in work: send it again later")
                .response(409)
                .header(ApiError.RETRY_AFTER, Math.max(1, wait.toSeconds()))
                .header(ApiError.SHOULD_RETRY, "true")
                .build();
    }

    /** The first request with the key has no answer yet. Unlike other conflicts this one passes. */
    static Response inProgress(OperationId id, Duration wait) {
        return ApiError.of(
                        IN_PROGRESS,
                        "the first request with this " + IdempotencyKey.HEADER
                                + " is still in work: send it again later, " + "or follow its operation at "
                                + location(id))
                .response(409)
                .header(HttpHeaders.LOCATION, location(id))
                .header(ApiError.RETRY_AFTER, Math.max(1, wait.toSeconds()))
                .header(ApiError.SHOULD_RETRY, "true")
                .build();
    }

    static Response keyReused(IdempotencyKey key) {
        return ApiError.response(
                422,
                "idempotency_key_reused",
                "the " + IdempotencyKey.HEADER + " " + Echo.quoted(key.key())
                        + " was sent before with another path or body: send a new one with each new request");
    }

    /** @param keyed whether sending the request again makes no second command */
    static Response unanswered(Unanswered why, boolean keyed) {
        var code = why.reason() == Unanswered.Reason.OVERLOADED ? ApiError.TOO_MANY_REQUESTS : UNAVAILABLE;
        var answer = ApiError.of(code, why.explanation())
                .response(why.reason() == Unanswered.Reason.OVERLOADED ? 429 : 503)
                .header(ApiError.RETRY_AFTER, why.reason() == Unanswered.Reason.OVERLOADED ? 1 : 2);
        if (why.operation() != null) {
            answer.header(HttpHeaders.LOCATION, location(why.operation()));
        }
        if (why.reason() == Unanswered.Reason.STOPPED_WAITING && !keyed) {
            answer.header(ApiError.SHOULD_RETRY, "false");
        }
        return answer.build();
    }

    static String location(OperationId id) {
        return "/operations/" + id;
    }
}
