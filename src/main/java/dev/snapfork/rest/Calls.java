package dev.snapfork.rest;

import dev.snapfork.command.Command;
import dev.snapfork.command.CommandEnvelope;
import dev.snapfork.command.CommandPublisher;
import dev.snapfork.log.WireJson;
import dev.snapfork.operation.OperationId;
import dev.snapfork.operation.Refusal;
import dev.snapfork.operation.RefusalCode;
import dev.snapfork.platform.ApiError;
import dev.snapfork.platform.SnapforkConfig;
import dev.snapfork.view.OperationViews.Result;
import dev.snapfork.view.OperationWaits;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Publishes a command and answers when it has settled, or at once if the caller prefers that. */
@ApplicationScoped
class Calls {
    private static final Logger LOG = Logger.getLogger(Calls.class);
    private static final String RESPOND_ASYNC = "respond-async";
    private static final String RETRY_AFTER = "Retry-After";
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(5);

    private final CommandPublisher commands;
    private final OperationWaits waits;
    private final Ids ids;
    private final Clock clock;
    private final Duration limit;

    Calls(CommandPublisher commands, OperationWaits waits, Ids ids, Clock clock, SnapforkConfig config) {
        this.commands = commands;
        this.waits = waits;
        this.ids = ids;
        this.clock = clock;
        this.limit = config.answer().waitLimit();
    }

    /**
     * @param prefer the request's {@code Prefer} header
     * @param success the answer when the command has succeeded
     */
    Uni<Response> call(Command command, @Nullable String prefer, Function<Result, Response> success) {
        var envelope = new CommandEnvelope(ids.operation(), clock.instant().truncatedTo(ChronoUnit.MICROS), command);
        var id = envelope.id();
        var published = commands.publish(envelope).onFailure().transform(Unpublished::new);
        var answer = wantsAsync(prefer)
                ? waits.untilKnown(id.value(), published, KNOWN_WITHIN)
                        .map(result -> accepted(WireJson.text(result.operation()), id))
                        .onFailure(TimeoutException.class)
                        .recoverWithItem(() -> accepted(WireJson.text(envelope.accepted()), id))
                : waits.untilSettled(id.value(), published, limit)
                        .map(result -> settled(result, success))
                        .onFailure(TimeoutException.class)
                        .recoverWithItem(() -> timeout(id));
        return answer.onFailure(Unpublished.class).recoverWithItem(failure -> unavailable(id, failure));
    }

    private static boolean wantsAsync(@Nullable String prefer) {
        return prefer != null
                && java.util.stream.Stream.of(prefer.split(",", -1))
                        .map(preference -> preference.split(";", -1)[0].strip())
                        .anyMatch(RESPOND_ASYNC::equalsIgnoreCase);
    }

    private static Response settled(Result result, Function<Result, Response> success) {
        var operation = result.operation();
        return switch (operation.status()) {
            case SUCCEEDED -> success.apply(result);
            case REJECTED, FAILED, CANCELLED ->
                ApiError.refusal(
                        operation.error() == null
                                ? new Refusal(RefusalCode.INTERNAL_ERROR, "the operation gives no reason")
                                : operation.error());
            case ACCEPTED, RUNNING -> throw new IllegalStateException("not settled: " + operation.id());
        };
    }

    private static Response accepted(String operation, OperationId id) {
        return Response.accepted(operation)
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.LOCATION, location(id))
                .header("Preference-Applied", RESPOND_ASYNC)
                .build();
    }

    private static Response timeout(OperationId id) {
        return ApiError.of("timeout", "the command is still in work: follow its operation at " + location(id))
                .response(504)
                .header(HttpHeaders.LOCATION, location(id))
                .header(ApiError.SHOULD_RETRY, "false")
                .build();
    }

    private static Response unavailable(OperationId id, Throwable failure) {
        LOG.warnf("the command log did not confirm operation=%s reason=%s", id, failure.getMessage());
        return ApiError.of(
                        "unavailable",
                        "the command log did not confirm the command; if it arrived all the same it shows at "
                                + location(id))
                .response(503)
                .header(HttpHeaders.LOCATION, location(id))
                .header(RETRY_AFTER, "2")
                .build();
    }

    private static String location(OperationId id) {
        return "/operations/" + id;
    }

    /** The brokers did not confirm the command. */
    private static final class Unpublished extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unpublished(Throwable cause) {
            super(cause.toString(), cause, false, false);
        }
    }
}
