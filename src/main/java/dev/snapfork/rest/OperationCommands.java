package dev.snapfork.rest;

import dev.snapfork.command.CancelRequests;
import dev.snapfork.operation.Cuid;
import dev.snapfork.operation.Operation;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.OperationKind;
import dev.snapfork.operation.OperationStatus;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusedException;
import dev.snapfork.platform.ApiError;
import dev.snapfork.platform.Scope;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.rest.Unanswered.Reason;
import dev.snapfork.view.OperationLookup;
import dev.snapfork.view.OperationViews.Result;
import dev.snapfork.view.OperationWaits;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of operations. Cancelling is no command: it has no operation of its own, and asking twice is asking once.
 * So it is let in when too much is in work.
 */
@Path("/operations")
class OperationCommands {
    private static final Duration DATABASE_LIMIT = Duration.ofSeconds(5);

    private final CancelRequests requests;
    private final OperationLookup operations;
    private final OperationWaits waits;
    private final Harmless harmless;
    private final Duration waitLimit;

    OperationCommands(
            CancelRequests requests,
            OperationLookup operations,
            OperationWaits waits,
            Harmless harmless,
            SnapforkConfig config) {
        this.harmless = harmless;
        this.requests = requests;
        this.operations = operations;
        this.waits = waits;
        this.waitLimit = config.answer().waitLimit();
    }

    @POST
    @Path("/{id}/cancel")
    @Scope(Scope.ASKED_LATER)
    public Uni<Response> cancel(
            @PathParam("id") String id,
            @BeanParam Asked asked,
            @Context SecurityContext caller,
            byte @Nullable [] body) {
        if (!Cuid.isValid(id)) {
            throw notFound(id);
        }
        var manner = asked.manner(body);
        // before any kept answer: who may not cancel may not hear of it either
        return reached(operations.find(new OperationId(id)), null)
                .map(found -> found.map(Result::operation).orElseThrow(() -> notFound(id)))
                .chain(operation -> caller.isUserInRole(scope(operation.kind()))
                        ? harmless.answer(manner, () -> cancel(operation, manner.async()))
                        : Uni.createFrom().item(ApiError.missingScope(scope(operation.kind()))))
                .onFailure(Unanswered.class)
                .recoverWithItem(failure -> Answers.unanswered(failure, true));
    }

    private Uni<Response> cancel(Operation operation, boolean async) {
        if (operation.status().settled()) {
            return Uni.createFrom().item(ended(operation));
        }
        var id = operation.id();
        var asked = reached(requests.ask(operation), id);
        if (async) {
            return asked.map(done -> Answers.accepted(operation));
        }
        return waits.untilSettled(id.value(), asked, waitLimit)
                .map(result -> ended(result.operation()))
                .onFailure(TimeoutException.class)
                .recoverWithItem(() -> Answers.timeout(id))
                .onFailure(OperationWaits.StoppingException.class)
                .transform(stopping -> new Unanswered(
                        Reason.STOPPED_WAITING,
                        id,
                        "this process stops: follow the operation at " + Answers.location(id)));
    }

    private static Response ended(Operation operation) {
        return switch (operation.status()) {
            case CANCELLED -> Answers.operation(operation);
            case SUCCEEDED, REJECTED, FAILED ->
                ApiError.of(
                                "already_ended",
                                "operation " + operation.id() + " cannot be cancelled any more: it has "
                                        + (operation.status() == OperationStatus.REJECTED
                                                ? "been rejected"
                                                : operation.status().text()))
                        .response(409)
                        .header(ApiError.SHOULD_RETRY, "false")
                        .build();
            case ACCEPTED, RUNNING -> throw new IllegalStateException("not settled: " + operation.id());
        };
    }

    /** Who may ask for the work may have it stopped. */
    static String scope(OperationKind kind) {
        return switch (kind) {
            case IMPORT_INSTANCE,
                    CREATE_INSTANCE,
                    START_INSTANCE,
                    STOP_INSTANCE,
                    STANDBY_INSTANCE,
                    RESTORE_INSTANCE,
                    FORK_INSTANCE,
                    COMPRESS_STANDBY -> "instance:write";
            case DELETE_INSTANCE -> "instance:delete";
            case CREATE_SNAPSHOT,
                    RESTORE_SNAPSHOT,
                    FORK_SNAPSHOT,
                    COMPRESS_SNAPSHOT,
                    VERIFY_SNAPSHOT,
                    SET_SCHEDULE,
                    RUN_SCHEDULE -> "snapshot:write";
            // its letter tells more, and may be retried
            case UNKNOWN -> "dead-letter:write";
            case DELETE_SNAPSHOT, DELETE_SCHEDULE -> "snapshot:delete";
        };
    }

    private static RefusedException notFound(String id) {
        return new RefusedException(Refusal.notFound("operation not found: " + id));
    }

    private static <T> Uni<T> reached(Uni<T> attempt, @Nullable OperationId id) {
        return attempt.ifNoItem()
                .after(DATABASE_LIMIT)
                .fail()
                .onFailure()
                .transform(
                        failure -> new Unanswered(Reason.AWAY, id, "the database did not answer: send it again later"));
    }
}
